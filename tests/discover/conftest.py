from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from piqa_cli.discover.walk import discover
from piqa_cli.records import Discovery
from piqa_cli.settings import DEFAULT_LAYOUT, FindSettings


def _jpeg() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 120, 40)).save(stream, "JPEG")
    return stream.getvalue()


JPEG = _jpeg()

MakeTree = Callable[..., Path]
Find = Callable[..., Discovery]


@pytest.fixture
def tree(tmp_path: Path) -> MakeTree:
    """Makes files below a captures folder; those not given as keywords are real JPEGs."""

    def make(*pictures: str, **others: str) -> Path:
        root = tmp_path / "captures"
        root.mkdir(exist_ok=True)
        for name in pictures:
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(JPEG)
        for name, text in others.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return root

    return make


@pytest.fixture
def find() -> Find:
    """Discovers a folder with a layout and patterns."""

    def run(
        root: Path,
        layout: str = DEFAULT_LAYOUT,
        *,
        only: tuple[str, ...] = (),
        exclude: tuple[str, ...] = (),
    ) -> Discovery:
        return discover(FindSettings(root, layout=layout, only=only, exclude=exclude))

    return run

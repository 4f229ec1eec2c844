"""Small runs, written through the same doors as the real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from piqa_cli.runs.folder import prepare_out, write_run
from tests.runs.samples import content


@pytest.fixture
def make_run(tmp_path: Path):
    """Writes a run of `content(**changes)` and gives its folder."""

    def make(name: str = "run", *, csv: bool = False, **changes: object) -> Path:
        folder = tmp_path / name
        prepare_out(folder)
        write_run(content(out=folder, **changes), csv=csv)
        return folder

    return make


@pytest.fixture
def dated(make_run):
    """Writes a run with a picture of 1,000 bytes and a page of 200: dated("2026-01-05")."""

    def make(day: str, *, name: str = "", **changes: object) -> Path:
        provenance = {"started_at": f"{day}T02:00:00+00:00"}
        folder = make_run(f"runs/{name or day}", provenance=provenance, **changes)
        (folder / "pictures").mkdir()
        (folder / "pictures" / f"{'ab' * 32}-320.webp").write_bytes(bytes(1000))
        (folder / "report").mkdir()
        (folder / "report" / "index.html").write_bytes(bytes(200))
        return folder

    return make


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"

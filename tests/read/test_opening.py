"""Pictures above Pillow's own limit are opened, and the limit stays as the process has it."""

from __future__ import annotations

import io
import subprocess
import sys
import warnings

import pytest
from PIL import Image

from piqa_cli.formats import FORMATS
from piqa_cli.read.opening import open_picture


@pytest.fixture(scope="module")
def large() -> bytes:
    """A PNG of 192 megapixels, which Pillow by itself refuses to open."""
    stream = io.BytesIO()
    Image.new("1", (16_000, 12_000)).save(stream, "PNG")
    return stream.getvalue()


def test_large_pictures_are_opened_without_a_warning(large):
    limit = Image.MAX_IMAGE_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert open_picture(large, FORMATS["png"]).size == (16_000, 12_000)
    assert limit is not None
    assert limit == Image.MAX_IMAGE_PIXELS
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(large))


def test_the_limit_comes_back_after_a_damaged_file():
    limit = Image.MAX_IMAGE_PIXELS
    with pytest.raises(Image.UnidentifiedImageError):
        open_picture(b"\x89PNG\r\n\x1a\n", FORMATS["png"])
    assert limit == Image.MAX_IMAGE_PIXELS


def test_importing_the_reader_changes_no_limit():
    code = (
        "from PIL import Image; before = Image.MAX_IMAGE_PIXELS; import piqa_cli.read.decode;"
        "raise SystemExit(before != Image.MAX_IMAGE_PIXELS)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""Parts of a file that are read without decoding it: segments, items and tags."""

import io

import numpy as np
import pillow_heif
from PIL import Image

from piqa_cli.formats.iso_items import main_parts
from piqa_cli.formats.jpeg_segments import SOS, header_segments, scans
from piqa_cli.formats.tiff_tags import STRIP_OFFSETS, first_tags

PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8))


def saved(plugin, **options):
    pillow_heif.register_heif_opener()
    stream = io.BytesIO()
    PICTURE.save(stream, format=plugin, **options)
    return stream.getvalue()


def test_scans_of_a_jpeg_end_where_the_next_marker_stands():
    data = saved("JPEG")
    *_, last = header_segments(data)
    (scan,) = scans(data)
    assert (last.marker, scan.start) == (SOS, last.end)
    assert data[scan.end :] == b"\xff\xd9"
    assert scan.first_symbols == {0: 0, 16: 1, 1: 0, 17: 0}  # T.81, tables K.3 to K.6
    assert len(list(scans(saved("JPEG", progressive=True)))) == 10


def test_parts_of_a_grid_are_its_tiles_one_behind_the_other():
    data = saved("HEIF", tile_size=64)
    parts = main_parts(data)
    assert [part.kind for part in parts] == ["hvc1"] * 4
    starts = [part.extents[0][0] for part in parts]
    assert starts == sorted(starts)
    assert parts[-1].extents[-1][1] <= len(data)
    assert [part.kind for part in main_parts(saved("AVIF"))] == ["av01"]


def test_tags_of_classic_and_big_tiffs_name_the_strips():
    for big in (False, True):
        data = saved("TIFF", big_tiff=big)
        (start,) = first_tags(data)[STRIP_OFFSETS]
        assert data[start : start + 3] == PICTURE.tobytes()[:3]


def test_broken_tables_give_nothing():
    assert first_tags(saved("TIFF")[:12]) == {}
    assert main_parts(saved("HEIF")[:60]) == ()
    assert list(scans(saved("JPEG")[:100])) == []

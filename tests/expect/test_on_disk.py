"""Files that are read to tell a renamed device, and those that aren't."""

from pathlib import Path

import pytest
from PIL import Image

from piqa_cli.expect.on_disk import sightings_on_disk
from piqa_cli.records import Capture
from piqa_cli.remote import place
from tests.runs.samples import scored_row


@pytest.mark.parametrize("where", [Path, lambda file: place(f"file://{file}")])
def test_only_files_that_can_decide_are_read(tmp_path, where):
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Maker", "One"
    for name, side in (("new", 8), ("other", 40)):
        Image.new("RGB", (side, side)).save(tmp_path / f"{name}.jpg", exif=exif)
    size = (tmp_path / "new.jpg").stat().st_size
    base = [
        scored_row(device="Gone", sha256="aa", bytes=size),
        scored_row(device="Kept", sha256="bb", bytes=1),
    ]
    found = sightings_on_disk(
        [
            Capture("a", where(tmp_path / "new.jpg"), "Hall", "New"),
            Capture("b", where(tmp_path / "other.jpg"), "Hall", "Kept"),
            Capture("c", where(tmp_path / "gone.jpg"), "Hall", "New"),
        ],
        base,
    )
    assert [(one.sha256 is not None, one.phone) for one in found] == [
        (True, ("Maker", "One")),
        (False, None),
        (False, None),
    ]


def test_without_a_run_no_file_is_read(tmp_path):
    (found,) = sightings_on_disk([Capture("a", tmp_path / "gone.jpg", "Hall", "A")], [])
    assert (found.sha256, found.phone) == (None, None)

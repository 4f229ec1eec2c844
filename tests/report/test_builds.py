"""Builds of devices: firmware before the software in EXIF."""

from __future__ import annotations

from piqa_cli.records import Competitor, Exif
from piqa_cli.report.builds import builds
from tests.report.ranked import ranked_site


def test_the_build_is_the_software_that_captures_name(tmp_path):
    site = ranked_site(tmp_path, exif={"Aster": Exif(software=" AX 5.1 ")})
    found = builds(site)
    assert found[Competitor("Aster", None)] == "AX 5.1"

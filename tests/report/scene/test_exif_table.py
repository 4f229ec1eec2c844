"""The EXIF table: what differs, what is derived, and what can never stand in it."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from piqa_cli.read.exif import read_exif
from piqa_cli.records import Competitor, Exif
from piqa_cli.report.render import render_report
from piqa_cli.report.scene.exif_table import GROUPS, exif_table
from piqa_cli.report.site import CompetitorPage
from piqa_cli.schema import CAPTURES, EXIF_COLUMNS
from tests.report.ranked import ranked_site
from tests.runs.samples import scored_row

ONE, TWO = (
    CompetitorPage(Competitor(name), f"d-{name}", f"device-{name}.html") for name in ("one", "two")
)
PRIVATE = ("SERIAL-4711", "Jane Roe", "Roe Studios", "41.4036", "EveryoneLives")


def row(**values):
    return scored_row(**{"decoder": "pillow", "width_px": 4000, "height_px": 3000, **values})


def fields(table):
    return {r.heading: (r.cells, r.differs) for _, rows in table.groups for r in rows}


def test_rows_differ_or_are_counted_as_the_same():
    table = exif_table({ONE: [row(exif_iso=100.0)], TWO: [row(exif_iso=200.0)]})
    assert fields(table)["ISO"] == (("100", "200"), True)
    assert fields(table)["Dimensions"] == (("4000 × 3000 (12.0 MP)",) * 2, False)
    assert table.n_same == 2  # dimensions and decoder


@pytest.mark.parametrize(("devices", "parts"), [(8, []), (9, [4, 5]), (17, [6, 5, 6])])
def test_paper_shows_many_devices_in_even_parts(devices, parts):
    pages = [
        CompetitorPage(Competitor(f"d{n}"), f"d-{n}", f"device-{n}.html") for n in range(devices)
    ]
    table = exif_table({page: [row(exif_iso=100.0 * n)] for n, page in enumerate(pages)})
    assert [end - first for first, end in table.on_paper] == parts
    assert [n for first, end in table.on_paper for n in range(first, end)] == list(
        range(sum(parts))
    )


def test_takes_in_another_order_are_the_same():
    table = exif_table(
        {
            ONE: [row(exif_iso=100.0), row(exif_iso=50.0)],
            TWO: [row(exif_iso=50.0), row(exif_iso=100.0)],
        }
    )
    assert fields(table)["ISO"] == (("100 · 50", "50 · 100"), False)


def test_values_have_units_and_many_are_cut():
    times = [row(exif_exposure_time_s=1 / n, exif_focal_length_mm=5.9) for n in (30, 60, 90, 99, 8)]
    table = exif_table({ONE: times, TWO: [row(exif_aperture_f_number=1.8)]})
    assert fields(table)["Exposure time"][0][0] == "1/30 s · 1/60 s · 1/90 s · 1/99 s and 1 more"
    assert fields(table)["Focal length"] == (("5.9 mm", ""), True)
    assert fields(table)["Aperture"] == (("", "f/1.8"), True)


def test_exposure_is_told_against_the_median_device_of_the_scene():
    three = CompetitorPage(Competitor("three"), "d-three", "device-three.html")
    table = exif_table(
        {
            ONE: [row(exif_ev100=5.0)],
            TWO: [row(exif_ev100=6.0), row(exif_ev100=6.2)],
            three: [row(exif_ev100=7.5)],
        }
    )
    cells, differs = fields(table)["Exposure against the scene"]
    assert cells == ("+1.1 EV", "+0.1 EV · −0.1 EV", "−1.4 EV")
    assert differs


def test_one_device_alone_has_no_exposure_against_the_scene():
    table = exif_table({ONE: [row(exif_ev100=5.0)], TWO: [row()]})
    assert "Exposure against the scene" not in fields(table)
    assert fields(table)["EV at ISO 100"] == (("5.0 EV", ""), True)


def test_files_that_could_not_be_read_have_no_column():
    table = exif_table({ONE: [row()], TWO: [scored_row()]})
    assert table.devices == (ONE,)
    assert exif_table({TWO: [scored_row()]}) is None


def test_every_field_that_cameras_state_has_its_place():
    shown = {name for names in GROUPS.values() for name in names}
    known = {column.name for column in EXIF_COLUMNS}
    assert known - shown == {"exif_reader", "exif_error"}
    assert shown - {column.name for column in CAPTURES} == {"dimensions", "exposure"}


@pytest.mark.parametrize("word", ["gps", "latitude", "serial", "owner", "artist", "copyright"])
def test_no_column_could_hold_a_place_a_serial_number_or_a_name(word):
    assert not [column.name for column in CAPTURES if word in column.name]


def camera_file() -> bytes:
    """A JPEG that names its place, its owner and its serial numbers."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x013B], exif[0x8298] = "Maker", "M1", PRIVATE[1], PRIVATE[2]
    details = exif.get_ifd(0x8769)
    details[0x8827], details[0xA430], details[0xA431] = 125, PRIVATE[1], PRIVATE[0]
    details[0xA435], details[0x9286] = PRIVATE[0], b"ASCII\0\0\0" + PRIVATE[4].encode()
    exif.get_ifd(0x8825).update({1: "N", 2: (41.4036, 0.0, 0.0), 3: "E", 4: (2.1744, 0.0, 0.0)})
    data = io.BytesIO()
    Image.new("RGB", (32, 24)).save(data, "JPEG", exif=exif)
    return data.getvalue()


def test_private_tags_of_a_file_reach_no_page(tmp_path):
    data = camera_file()
    assert all(text.encode() in data for text in PRIVATE if text != "41.4036")
    exif = read_exif(data, Image.open(io.BytesIO(data)))
    assert exif.iso == 125.0
    ranked_site(tmp_path / "run", exif={"Aster": exif, "Birch": Exif(iso=50.0)})
    report = render_report(tmp_path / "run").parent
    text = "".join(file.read_text() for file in report.rglob("*") if file.is_file())
    assert "125" in text
    assert not [word for word in (*PRIVATE, "41.4", "2.1744") if word in text]


def test_the_page_groups_fields_and_explains_what_is_derived(tmp_path):
    exif = {"Aster": Exif(iso=100.0, ev100=8.0), "Birch": Exif(iso=100.0, ev100=7.0)}
    ranked_site(tmp_path / "run", exif=exif)
    source = (render_report(tmp_path / "run").parent / "scenes/park.html").read_text()
    assert '<tr class="group"><th scope="rowgroup" colspan="3"><span>Exposure</span>' in source
    assert '<tr class="same"><th scope="row">ISO</th>' in source
    assert '+ is brighter">Exposure against the scene</th><td><bdi>−0.5 EV</bdi>' in source
    assert 'data-device="d-aster"' in source

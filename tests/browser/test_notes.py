"""Notes written in a scene's page: kept over a reload, exported as notes.csv can be read."""

from __future__ import annotations

import pytest

from piqa_cli.runs.notes import NOTES, Note, read_notes


@pytest.fixture
def written(visit, reports):
    page = visit.open(next((reports["lab"] / "scenes").glob("hall*.html")))
    page.get_by_text("Write a note").click()
    page.locator("[name=capture]").select_option(index=1)
    page.locator("[name=region]").fill("left eye")
    page.locator("[name=text]").fill('=Soft, "again"')
    page.locator("[name=who]").fill("Mara")
    page.get_by_role("button", name="Keep").click()
    return page


def test_a_note_stays_over_a_reload_and_can_be_removed(written):
    written.reload()
    kept = written.locator('[data-role="kept-notes"] li')
    assert 'left eye =Soft, "again" – Mara' in kept.text_content()
    written.get_by_text("Write a note").click()
    written.get_by_role("button", name="Remove", exact=True).click()
    assert kept.count() == 0


def test_the_export_is_a_file_that_report_reads(written, tmp_path):
    with written.expect_download() as download:
        written.get_by_role("button", name="Export notes.csv").click()
    assert download.value.suggested_filename == NOTES
    download.value.save_as(tmp_path / NOTES)
    (note,) = read_notes(tmp_path).notes
    assert (note.region, note.text, note.who, note.state) == (
        "left eye", '=Soft, "again"', "Mara", "open",
    )  # fmt: skip
    assert isinstance(note, Note)
    assert note.scene
    assert note.device

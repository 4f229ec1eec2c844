"""Pages say of what they are, and when it was captured."""

from __future__ import annotations

from dataclasses import replace

from piqa_cli.records import Exif
from tests.report.ranked import ranked_site


def with_settings(site, **settings):
    return replace(site, run=replace(site.run, info={**site.run.info, "settings": settings}))


def test_the_title_is_the_one_given_else_the_name_of_what_was_ranked(tmp_path):
    site = ranked_site(tmp_path)
    assert with_settings(site, title="Night 12", find={"root": "/lab/a"}).title == "Night 12"
    assert with_settings(site, find={"root": "/lab/night-12"}).title == "night-12"
    assert with_settings(site, find={"root": "/a", "manifest": "/lab/m.csv"}).title == "m.csv"
    assert with_settings(site).title == ""


def test_the_days_of_the_captures_are_the_cameras(tmp_path):
    days = {"Aster": "2026-03-02T08:00:00", "Birch": "2026-03-01T23:59:00"}
    site = ranked_site(tmp_path, exif={name: Exif(captured_at=at) for name, at in days.items()})
    assert site.captured == "2026-03-01 to 2026-03-02"


def test_one_day_is_said_once_and_unknown_days_not_at_all(tmp_path):
    exif = {name: Exif(captured_at="2026-03-02T08:00:00") for name in ("Aster", "Birch", "Cedar")}
    assert ranked_site(tmp_path / "one", exif=exif).captured == "2026-03-02"
    assert ranked_site(tmp_path / "none").captured == ""

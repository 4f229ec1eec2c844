"""`piqa-cli history` on the command line."""

import csv
import io
import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

from piqa_cli.records import Exif
from tests.runs.samples import scored


def good(result):
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_table_by_date(piqa, night, runs):
    night("2026-01-01", {"A": 0.5, "B": -0.5})
    night("2026-01-02", {"A": 0.75, "B": -0.75})
    lines = good(piqa("history", "A", runs)).splitlines()
    assert lines[0] == "tiny, weights abababab: points against the mean device of the run"
    assert lines[2].split() == (
        "2026-01-01 2026-01-01 02:00 +0.50 +0.25 .. +0.75 1 of 2 2 2".split()
    )
    assert lines[3].split()[-1] == "+0.25"


def test_what_does_not_compare_is_said(piqa, night, runs):
    night("2026-01-01", {"A": 0.5, "B": -0.5})
    night("2026-01-02", {"A": 0.5, "C": -0.5})
    text = good(piqa("history", "A", runs))
    assert "not comparable (devices: with C, without B)" in text


def test_json_and_csv_hold_the_same(piqa, night, runs):
    night("2026-01-01", {"A": 0.5, "B": -0.5})
    night("2026-01-02", {"A": 0.5, "C": -0.5})
    told = json.loads(good(piqa("history", "A", runs, "--json")))
    rows = list(csv.DictReader(io.StringIO(good(piqa("history", "A", runs, "--csv")))))
    points = told["series"][0]["runs"]
    assert [float(row["score"]) for row in rows] == [p["score"] for p in points] == [0.5, 0.5]
    assert points[1]["started_at"] == rows[1]["started_at"] == "2026-01-02T02:00:00+00:00"
    assert points[1]["breaks"] == [rows[1]["breaks"]] == ["devices: with C, without B"]


def test_a_damaged_run_is_named_on_stderr(piqa, night, runs):
    night("2026-01-01", {"A": 0.5})
    (night("2026-01-02", {"A": 0.5}) / "device_ranks.parquet").write_bytes(b"")
    result = piqa("history", "A", runs, "--json")
    assert "left out 2026-01-02: device_ranks.parquet" in result.stderr
    assert [left["run"] for left in json.loads(good(result))["damaged"]] == ["2026-01-02"]


def test_trend_as_picture_and_as_page(piqa, night, runs, tmp_path):
    night("2026-01-01", {"A": 0.5})
    good(piqa("history", "A", runs, "-o", tmp_path / "new" / "trend.svg"))
    good(piqa("history", "A", runs, "-o", tmp_path / "trend.html", "-q"))
    assert (tmp_path / "new" / "trend.svg").read_text().startswith("<svg xmlns=")
    assert (tmp_path / "trend.html").read_text().startswith("<!doctype html>")


def test_what_cannot_be_is_one_line(piqa, night, runs, tmp_path):
    night("2026-01-01", {"A": 0.5})
    for args, code, words in (
        (["A", runs, "-o", tmp_path / "trend.pdf"], 2, "picture (.svg) or a page (.html)"),
        (["A", runs, "--csv", "--json"], 2, "choose one"),
        (["Z", runs], 3, "no run has the device 'Z'"),
        (["A", runs, "--condition", "Night"], 3, "has no A in Night"),
        (["A", tmp_path / "gone"], 3, "isn't there"),
    ):
        result = piqa("history", *args)
        assert (result.exit_code, result.stderr.count("\n")) == (code, 1)
        assert words in result.stderr


def test_one_model_alone(piqa, night, runs):
    night("2026-01-01", {"A": 0.5})
    assert (
        "no run of the model 'other', only of tiny"
        in piqa("history", "A", runs, "--model", "other").stderr
    )
    assert "1 run of A" in good(piqa("history", "A", runs, "--model", "tiny"))


def test_devices_are_named_or_all_that_two_runs_have(piqa, night, runs):
    night("2026-01-01", {"A": 0.5, "B": -0.5, "Old": 0.0})
    night("2026-01-02", {"A": 0.75, "B": -0.75, "New": 0.0})
    for args in (("A", runs, "--device", "B"), (runs, "--device", "A", "--device", "B"), (runs,)):
        told = json.loads(good(piqa("history", *args, "--json")))
        assert [one["device"] for one in told["devices"]] == ["A", "B"]
    alone = json.loads(good(piqa("history", runs, "--device", "B", "--json")))
    assert alone["device"] == "B"
    rows = list(csv.DictReader(io.StringIO(good(piqa("history", runs, "--csv")))))
    assert [(row["device"], row["score"]) for row in rows] == [
        ("A", "0.5"), ("A", "0.75"), ("B", "-0.5"), ("B", "-0.75"),
    ]  # fmt: skip


def test_several_devices_are_a_line_each(piqa, night, runs):
    night("2026-01-01", {"A": 0.5, "B": -0.5})
    night("2026-01-02", {"A": 0.75, "B": -0.75})
    lines = good(piqa("history", runs)).splitlines()
    assert lines[1].split() == "A 2 2026-01-02 +0.75 +0.50 .. +1.00 1 of 2 +0.25".split()
    assert lines[-1].startswith("2 devices, the last run of each")
    against = good(piqa("history", runs, "--reference", "B")).splitlines()
    assert against[-1].startswith("2 runs of A")  # B is what A is held against


def test_without_two_runs_of_a_device_one_must_be_named(piqa, night, runs):
    night("2026-01-01", {"A": 0.5})
    assert "no device is ranked in two runs or more" in piqa("history", runs).stderr
    assert piqa("history", "A").exit_code == 2


def test_a_page_names_builds_and_leads_to_the_reports(piqa, night, runs, tmp_path):
    for day, build in (("2026-01-01", "FW 1"), ("2026-01-02", "FW 1"), ("2026-01-09", "FW 2")):
        shots = [
            replace(shot, facts=replace(shot.facts, exif=Exif(software=build)))
            for shot in (scored("Hall", "A", 0.5), scored("Hall", "B", -0.5))
        ]
        folder = night(day, {"A": 0.5, "B": -0.5}, results=shots)
        (folder / "report").mkdir()
        (folder / "report" / "index.html").write_text("a page")
    page = tmp_path / "trends" / "all.html"
    good(piqa("history", runs, "-o", page))
    text = page.read_text(encoding="utf-8")
    named = re.findall(r'<text class="build"[^>]*>([^<]*)<', text)
    assert all(float(x) >= 52 for x in re.findall(r'class="build" x="([0-9.]+)"', text))  # axis
    assert named == ["FW 1", "FW 2"] * 2
    assert text.count("rank 1 of 2, build FW 2") == 2  # label and title of the point
    links = set(re.findall(r'href="(\.\./[^"]*)"', text))
    days = ("2026-01-01", "2026-01-02", "2026-01-09")
    assert links == {f"../runs/{day}/report/index.html" for day in days}
    assert {(page.parent / link).resolve().is_file() for link in links} == {True}
    good(piqa("history", runs, "-o", tmp_path / "all.svg"))
    root = ET.fromstring((tmp_path / "all.svg").read_text())
    assert len(root.findall("{http://www.w3.org/2000/svg}svg")) == 2

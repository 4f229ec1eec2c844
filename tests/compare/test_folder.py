"""The folder and its page: whole, escaped, self-contained, the same bytes each time."""

import hashlib
import json
import re

import pyarrow.parquet as pq
import pytest
from PIL import Image

from piqa_cli.compare.columns import COMPARE_TABLES
from piqa_cli.compare.comparison import compare_folders
from piqa_cli.compare.folder import prepare, write_folder
from piqa_cli.compare.pictures import _Album
from piqa_cli.errors import PiqaError
from piqa_cli.records.gates import GateResult
from piqa_cli.runs.capture_rows import StoredRows
from piqa_cli.runs.table_set import load_run
from tests.browser.runs import lab_run
from tests.compare.conftest import broken, photo
from tests.evaluate.test_folder import HOSTILE
from tests.strict_page import Page

SCENES = ("Bar", "Hall", "Park")
FAILED = GateResult(
    "min_takes", "error", 2.0, "A in Bar", "A", None, "Bar", None, 1.0, False,
    "A in Bar has 1 take, limit 2",
)  # fmt: skip


@pytest.fixture
def runs(make_run):
    """A got worse in every scene, B is new, C has gone, D can't be read any more."""
    base = [photo(s, "A", 2.0 + n, iso=100.0, software="1.0") for n, s in enumerate(SCENES)]
    new = [photo(s, "A", 1.0 + 1.1 * n, iso=200.0, software="1.1") for n, s in enumerate(SCENES)]
    base += [photo("Bar", "C", 1.0), photo("Bar", "D", 1.0)]
    new += [photo("Bar", "B", 1.0), broken("Bar", "D")]
    return make_run("base", *base), make_run("new", *new)


def draw(run, *, size=(64, 48)):
    """Gives every scored capture of a run its pictures."""
    (run / "pictures").mkdir(exist_ok=True)
    for row in load_run(run).tables.captures:
        for kind in ("full", "face"):
            Image.new("RGB", size, "grey").save(run / "pictures" / f"{row.sha256}-{kind}.webp")


def written(out, base, new, **more):
    prepare(out)
    return Page(write_folder(out, compare_folders(base, new), **more).read_text(encoding="utf-8"))


def text_of(page):
    return " ".join(" ".join(page.texts).split())


def test_tables_have_their_columns_with_unit_and_meaning(runs, tmp_path):
    written(tmp_path / "out", *runs)
    for name, columns in COMPARE_TABLES.items():
        table = pq.read_table(tmp_path / "out" / f"{name}.parquet")
        assert table.column_names == [column.name for column in columns]
        assert all(field.metadata[b"meaning"] for field in table.schema)
    rows = pq.read_table(tmp_path / "out" / "compare_devices.parquet").to_pylist()
    assert [(row["device"], row["base_device"], row["verdict"]) for row in rows] == [
        ("A", "A", "worse"), ("B", None, "added"), (None, "C", "removed"), ("D", "D", "unknown"),
    ]  # fmt: skip
    scene = pq.read_table(tmp_path / "out" / "compare_scenes.parquet").to_pylist()[0]
    assert (scene["base_exif_iso"], scene["exif_iso"]) == (100.0, 200.0)


def test_compare_json_knows_the_tables_and_both_runs(runs, tmp_path):
    written(tmp_path / "out", *runs, gates=[FAILED])
    info = json.loads((tmp_path / "out" / "compare.json").read_text())
    for name, digest in info["files"].items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest
    assert sorted(info["files"]) == sorted(f"{name}.parquet" for name in COMPARE_TABLES)
    assert info["base"]["files"] == load_run(runs[0]).info["files"]
    assert [(gate["name"], gate["passed"]) for gate in info["gates"]] == [("min_takes", False)]
    assert info["captures"] == {
        "unchanged": 0, "changed": 4, "added": 1, "removed": 1,
        "failed_in_base": 0, "failed_in_new": 1,
    }  # fmt: skip
    assert info["devices"][0]["words"] == "worse by 0.90 JOD (0.65 to 1.15)".replace(
        "JOD", "points"
    )


def test_the_page_says_the_verdict_first(runs, tmp_path):
    said = text_of(written(tmp_path / "out", *runs, gates=[FAILED]))
    assert said.index("A is worse by 0.90 points (0.65 to 1.15)") < said.index("NEW minus")
    assert "1 device over 3 shared scenes: 1 clearly worse, " in said
    assert "1 without a scene scored in both, 1 in NEW only, 1 in BASE only" in said
    assert "Gates: 1 failed failed min_takes A in Bar has 1 take, limit 2" in said
    assert "A: ISO 100 → 200 (+1.0 EV)" in said
    assert "A: Software 1.0 → 1.1" in said
    assert "No longer scored: 1 capture" in said
    assert "D Bar Bar/ D/ 1.jpg truncated JPEG" in said


def test_pictures_lie_under_a_slider_and_in_the_folder(runs, tmp_path):
    for run in runs:
        draw(run)
    page = written(tmp_path / "out", *runs)
    frames = [a for tag, a in page.tags if tag == "div" and "data-wipe" in a]
    assert [a["data-wipe"] for a in frames] == ["A in Bar", "A in Hall", "A in Park"]
    images = [a["src"] for tag, a in page.tags if tag == "img"]
    assert len(images) == 3 * 4  # before and after, each with its face
    assert all((tmp_path / "out" / "report" / src).is_file() for src in images)
    assert {tag for tag, _ in page.tags} & {"input", "button"} == set()  # the script's own


def test_pictures_of_another_shape_stand_side_by_side(runs, tmp_path):
    found = compare_folders(*runs)
    for run in runs:
        draw(run)
    from dataclasses import replace

    turned = tuple(replace(c, size=(48, 64)) if c.path else c for c in found.captures)
    prepare(tmp_path / "out")
    page = Page(write_folder(tmp_path / "out", replace(found, captures=turned)).read_text("utf-8"))
    assert page.count("div", **{"class": "wipe"}) == 3
    assert not [a for _, a in page.tags if "data-wipe" in a]


def test_pictures_of_an_earlier_comparison_go(runs, tmp_path):
    for run in runs:
        draw(run)
    written(tmp_path / "out", *runs)
    written(tmp_path / "out", runs[0], runs[0])
    assert list((tmp_path / "out" / "pictures").iterdir()) == []


def test_equal_runs_say_so(runs, tmp_path):
    said = text_of(written(tmp_path / "out", runs[0], runs[0]))
    assert "Nothing changed Both runs hold the same files, so every difference is 0." in said


def test_hostile_names_stay_text(make_run, tmp_path):
    sides = [
        make_run(name, *(photo(h.replace("/", "|"), h, by, f"{h.replace('/', '|')}.jpg",
                               software=h, iso=by) for h in HOSTILE))
        for name, by in (("base", 1.0), ("new", 2.0))
    ]  # fmt: skip
    page = written(tmp_path / "out", *sides)
    assert page.count("script") == 2
    assert not [a for _, a in page.tags if "alert" in a.get("href", "") or "onload" in a]
    html = (tmp_path / "out" / "report" / "index.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{ 7 * 7 }}" in html
    assert "\u202e" not in html


def test_the_page_fetches_nothing_and_knows_no_folder(runs, tmp_path):
    page = written(tmp_path / "out", *runs)
    links = [a[n] for _, a in page.tags for n in ("href", "src") if n in a]
    assert [link for link in links if "//" in link] == []
    local = {link for link in links if not link.startswith(("#", "data:,"))}
    report = tmp_path / "out" / "report"
    assert {name for name in local if not (report / name).exists()} == set()
    assert str(tmp_path) not in (report / "index.html").read_text()
    ids = {a["id"] for _, a in page.tags if "id" in a}
    assert {link[1:] for link in links if link.startswith("#")} - ids == set()


def test_the_same_runs_give_the_same_bytes(runs, tmp_path):
    for run in runs:
        draw(run)
    for name in ("one", "two"):
        written(tmp_path / name, *runs)
    files = sorted(f.relative_to(tmp_path / "one") for f in (tmp_path / "one").rglob("*.*"))
    assert len(files) == 3 + 1 + 4 + 12
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_foreign_folder_is_refused(runs, tmp_path):
    for folder in (runs[0], tmp_path):
        with pytest.raises(PiqaError, match="is no comparison: choose a new or empty folder"):
            prepare(folder)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(PiqaError, match="is a file: choose a folder"):
        prepare(tmp_path / "file")


def test_a_table_that_was_cut_short_is_written_again(runs, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "compare_scenes.parquet").write_bytes(b"half")
    written(out, *runs)
    assert re.match(rb"PAR1", (out / "compare_scenes.parquet").read_bytes())


def test_pictures_that_differ_under_one_name_are_both_kept(runs):
    for run, size in zip(runs, ((64, 48), (32, 24)), strict=True):
        draw(run, size=size)
        Image.new("RGB", size, "grey").save(run / "pictures" / "aa-full.webp")
        Image.new("RGB", (8, 8), "grey").save(run / "pictures" / "bb-full.webp")
    album = _Album.of(compare_folders(*runs))
    names = [
        [album._picture(side, f"{2 * name}-full.webp").name for side in (0, 1)] for name in "ab"
    ]
    assert names == [["aa-full.webp", "new-aa-full.webp"], ["bb-full.webp", "bb-full.webp"]]


def test_runs_in_columns_are_compared_alike_and_read_few_times(runs, tmp_path, monkeypatch):
    usual = files_of(write(runs, tmp_path / "usual"))
    passes = []
    monkeypatch.setattr("piqa_cli.runs.capture_rows.MANY_ROWS", 0)
    monkeypatch.setattr(StoredRows, "__iter__", counting(StoredRows.__iter__, passes))
    assert files_of(write(runs, tmp_path / "columns")) == usual
    assert len(passes) == 4  # of each run: the first row as it is loaded, then all captures


def write(runs, out):
    prepare(out)
    write_folder(out, compare_folders(*runs))
    return out


def files_of(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def counting(iterate, passes):
    """An `__iter__` that notes each of its calls in `passes`."""

    def counted(rows):
        passes.append(len(rows))
        return iterate(rows)

    return counted


def test_unchanged_devices_stand_in_one_line(runs, tmp_path):
    """A device whose files are the same fills no row of the table."""
    page = written(tmp_path / "out", runs[0], runs[0])
    said = text_of(page)
    assert "Unchanged, with the same files in both runs: A" in said
    assert "95 % interval Prefers new" not in said


def test_the_page_leads_into_both_runs_where_they_lie_beside_it(runs, tmp_path):
    for run in runs:
        (run / "report").mkdir()
        (run / "report" / "index.html").write_text("a page")
    page = written(tmp_path / "out", *runs)
    links = {a["href"] for tag, a in page.tags if tag == "a" and "../.." in a.get("href", "")}
    assert links == {f"../../{run.name}/report/index.html" for run in runs}


def test_devices_and_scores_lead_to_their_pages_in_both_runs(tmp_path):
    lab, other = lab_run(tmp_path / "lab"), lab_run(tmp_path / "other", better="Dune Lite")
    page = written(tmp_path / "out", lab, other)
    links = {a["href"] for tag, a in page.tags if tag == "a" and "../.." in a.get("href", "")}
    for run in ("lab", "other"):
        assert f"../../{run}/report/device-dune-lite.html" in links
        assert f"../../{run}/report/scenes/night.html#d-dune-lite" in links
    files = {(tmp_path / "out" / "report" / link.partition("#")[0]).resolve() for link in links}
    assert all(file.is_file() for file in files)

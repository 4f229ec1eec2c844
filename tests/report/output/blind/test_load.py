"""A blind report names nobody: neither devices, nor makers, nor the files they wrote."""

from __future__ import annotations

import csv
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from piqa_cli.records import Competitor, SceneInfo, Skipped
from piqa_cli.records.gates import GateResult
from piqa_cli.records.ranks import PairRank
from piqa_cli.report.output.blind.letters import KEY_FILE
from piqa_cli.report.output.blind.load import blinded
from piqa_cli.report.output.single_file import render_single_file
from piqa_cli.report.render import render_report
from piqa_cli.runs.table_set import load_run
from tests.report.test_render import Page, squeezed
from tests.runs.samples import device_rank, facts_of, failed, scene_rank, scored

PHONES = ("kestrin-k2", "Orvane 5", "halmeva_30")
TELLING = (
    *("kestrin", "orvane", "halmeva", "k2", "img_", "broken", "secretos", "peniscope"),
    *(".jpg", ".heic", "warehouse", "vendor profile", "2031-05-06"),
)


def shot(phone: str, score: float, take: int):
    """A capture whose metadata says in every field who took it."""
    plain = scored("garden", phone, score, take=take)
    path = f"garden/{phone}/warehouse/IMG_{take}.heic"
    maker = phone.split()[0].split("-")[0]
    facts = facts_of(
        f"{PHONES.index(phone) * 10 + take:064x}",
        make=maker,
        model=phone.upper(),
        software=f"SecretOS 3 for {maker}",
        lens_make=maker,
        lens_model=f"{maker} Peniscope 4",
        custom_rendered=f"{maker} portrait",
        captured_at="2031-05-06T07:08:09",
        iso=100.0,
    )
    facts = replace(facts, icc_profile="vendor profile", format="heic")
    capture = replace(plain.capture, path=path, file=Path(path), take=None)
    return replace(plain, capture=capture, facts=facts, warning=f"{phone} holds two models")


def pair() -> PairRank:
    return PairRank(
        *(None, 1, PHONES[0], None, PHONES[1], None, 1, 0.5, None, None, 1, 0, 0),
        *(0.6, None, None, None, f"too few scenes for {PHONES[0]}"),
    )


def gate() -> GateResult:
    text = f"{PHONES[0]} is worse by 0.5"
    return GateResult(
        *("max_regression", "warning", 0.3, PHONES[0], PHONES[0], None, "garden", None, 0.5),
        passed=False,
        text=text,
    )


@pytest.fixture
def telling_run(make_run):
    """A run in which everything that a lab may write mentions a phone."""
    ranks = [
        replace(
            device_rank(phone, 0.5 - n, n + 1),
            reference=PHONES[1],
            worst_capture=f"garden/{phone}/warehouse/IMG_1.heic",
            note=f"no interval for {phone}",
        )
        for n, phone in enumerate(PHONES)
    ]
    return make_run(
        results=[
            *(shot(phone, 2.0 - n, take) for n, phone in enumerate(PHONES) for take in (1, 2)),
            failed("Kestrin K2 test", "Orvane 5", "IMG_9.jpg is truncated"),
        ],
        skipped=[Skipped("garden/kestrin-k2/IMG_1.jpg.xmp", "sidecar of IMG_1.jpg")],
        scene_ranks=[scene_rank("garden", p, 2.0 - n, n + 1) for n, p in enumerate(PHONES)],
        device_ranks=ranks,
        pairs=[pair()],
        gates=[gate()],
        warnings=[f"garden/{PHONES[0]}/warehouse/IMG_1.heic: odd", "Orvane 5 is missing"],
        scenes={
            "garden": SceneInfo("garden", title="Halmeva's garden", notes="Kestrin K2 came late."),
            "Kestrin K2 test": SceneInfo("Kestrin K2 test", condition="Orvane light"),
        },
        settings={"find": {"only": list(PHONES)}, "rank": {"tie_jod": 0.3, "reference": PHONES[0]}},
        provenance={"command": ["piqa-cli", "rank", "warehouse"]},
    )


def test_no_page_and_no_file_name_tells_who_took_what(telling_run):
    render_report(telling_run, blind=True)
    files = [file for file in (telling_run / "report").rglob("*") if file.is_file()]
    pages = [file for file in files if file.suffix == ".html"]
    assert len(pages) >= 4
    for file in files:
        name = str(file.relative_to(telling_run)).casefold()
        assert [word for word in TELLING if word in name] == []
    for page in pages:
        text = page.read_text(encoding="utf-8").casefold()
        assert [word for word in TELLING if word in text] == [], page.name


def test_a_blind_report_in_one_file_tells_nothing_either(telling_run):
    for detail in ("full", "none"):
        page = render_single_file(telling_run, blind=True, pictures=detail).path
        text = page.read_text(encoding="utf-8").casefold()
        assert [word for word in TELLING if word in text] == []
        assert "blind report" in text


def test_without_blind_the_same_run_is_full_of_names(telling_run):
    render_report(telling_run)
    pages = "".join(page.read_text() for page in (telling_run / "report").rglob("*.html"))
    assert [word for word in TELLING if word not in pages.casefold()] == []
    assert not (telling_run / KEY_FILE).exists()


def test_pages_name_letters_and_the_key_says_who_they_are(telling_run):
    text = squeezed(Page(render_report(telling_run, blind=True)))
    with (telling_run / KEY_FILE).open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["letter"] for row in rows] == ["A", "B", "C"]
    assert {row["device"] for row in rows} == set(PHONES)
    first = next(row["letter"] for row in rows if row["device"] == PHONES[0])
    assert f"{first} is clearly best" in text
    assert f"Key {rows[0]['key']}." in text


def test_a_note_on_the_reference_names_its_letter(telling_run):
    run = load_run(telling_run)
    told = f"no gap: the reference {PHONES[1]} has no score in this league; seen by {PHONES[0]}"
    rows = [replace(row, note=told) for row in run.tables.device_ranks]
    shown, key = blinded(replace(run, tables=replace(run.tables, device_ranks=rows)))
    letter = key.letters[Competitor(PHONES[1])]
    assert {row.note for row in shown.tables.device_ranks} == {
        f"no gap: the reference {letter} has no score in this league"
    }


def test_letters_stay_when_pages_are_made_again(telling_run):
    run = load_run(telling_run)
    assert blinded(run)[1] == blinded(load_run(telling_run))[1]
    first = render_report(telling_run, blind=True).read_bytes()
    assert render_report(telling_run, blind=True).read_bytes() == first


def test_captures_in_columns_are_blinded_alike(telling_run, monkeypatch):
    usual = blinded(load_run(telling_run))
    monkeypatch.setattr("piqa_cli.runs.capture_rows.MANY_ROWS", 0)
    assert blinded(load_run(telling_run)) == usual


def test_letters_follow_neither_rank_nor_alphabet(make_run):
    """Over many runs each of two phones is A about as often: chances of less are under 1e-4."""
    firsts = []
    for n in range(40):
        run = load_run(make_run(results=[scored("hall", p, 1.0 + n) for p in PHONES[:2]]))
        letters = blinded(run)[1].letters
        firsts.append(letters[PHONES[0], None])
    assert 8 <= firsts.count("A") <= 32


def test_a_blind_copy_leaves_the_run_as_it_is(telling_run):
    run, fresh = load_run(telling_run), load_run(telling_run)
    blinded(run)
    assert asdict(run) == asdict(fresh)


def test_captures_are_counted_per_device_and_listed_by_letter(telling_run):
    blind, key = blinded(load_run(telling_run))
    rows = blind.tables.captures
    letter = key.letters["kestrin-k2", None]
    garden = [row.path for row in rows if row.scene == "garden" and row.status == "ok"]
    assert garden == sorted(garden)
    assert [path for path in garden if f"/{letter}/" in path] == [
        f"garden/{letter}/1",
        f"garden/{letter}/2",
    ]
    assert {row.scene for row in rows} == {None, "garden", "scene-3"}


def test_references_and_pairs_are_letters_too(telling_run):
    blind, key = blinded(load_run(telling_run))
    letters = [key.letters[phone, None] for phone in PHONES]
    assert {row.reference for row in blind.tables.device_ranks} == {letters[1]}
    row = blind.tables.pairs[0]
    assert [row.device_a, row.device_b, row.note] == [*letters[:2], None]


def test_firmwares_that_compete_get_letters_of_their_own(make_run):
    shots = [scored("hall", "kestrin", 2.0, take=n) for n in (1, 2)]
    shots = [replace(s, capture=replace(s.capture, firmware=f"v{n}")) for n, s in enumerate(shots)]
    ranks = [replace(device_rank("kestrin", 0.5 - n, n + 1), firmware=f"v{n}") for n in (0, 1)]
    scenes = [replace(scene_rank("hall", "kestrin", 2.0, n + 1), firmware=f"v{n}") for n in (0, 1)]
    folder = make_run(results=shots, device_ranks=ranks, scene_ranks=scenes)
    page = render_report(folder, blind=True)
    assert "kestrin" not in page.read_text()
    assert " is clearly best" in squeezed(Page(page))
    assert (folder / KEY_FILE).read_text().count("kestrin,v") == 2


def test_a_blind_report_links_no_table(telling_run):
    links = Page(render_report(telling_run, blind=True)).values("href")
    assert [link for link in links if link.endswith((".json", ".parquet", ".csv"))] == []


def test_views_that_name_the_devices_do_not_stay_beside_blind_pages(telling_run):
    from typer.testing import CliRunner

    from piqa_cli.cli.main import app

    def report(*options):
        done = CliRunner().invoke(app, ["report", str(telling_run), *options])
        assert done.exit_code == 0, done.output
        return done.stderr

    report("--single-file")
    one = telling_run / "report.html"
    assert "removed" in report("--blind")
    assert not one.exists()
    assert report("--blind", "--single-file") == ""
    named = (telling_run / "report" / "index.html").read_text("utf-8")
    assert "Blind report." in named
    assert report("--blind") == ""
    assert one.exists()

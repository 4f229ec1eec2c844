"""The folder and its page: whole, escaped, the same bytes each time, nothing fetched."""

import json

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.evaluate.evaluation import evaluate
from piqa_cli.evaluate.folder import prepare, write_folder
from piqa_cli.evaluate.page import _rightly
from piqa_cli.report.text import NONE
from tests.strict_page import Page

HOSTILE = (
    "<script>alert(1)</script>",
    "\"quotes\" & 'ticks' <b>",
    "{{ 7 * 7 }}{% raw %}",
    "مصنع الهاتف",
    "\u202eturned",
    "x" * 200,
    "javascript:alert(1)",
)


@pytest.fixture
def found(tmp_path):
    """Makes an evaluation whose scenes and files have the given names, five photos each."""

    def make(*names, suffix=".jpg"):
        scores, truth = [["path", "score", "device"]], [["path", "jod", "scene"]]
        for name in names:
            for i in range(5):
                path = f"{name.replace('/', '|')}{i}{suffix}"
                scores.append([path, str(i * i), f"{name} {i}"])
                truth.append([path, str(i), name])
        for file, lines in (("scores.csv", scores), ("truth.csv", truth)):
            cells = (["\t".join(line)] for line in lines)
            text = "\n".join(line for (line,) in cells).replace('"', "'")
            (tmp_path / file).write_text(text + "\n", encoding="utf-8")
        return evaluate(tmp_path / "scores.csv", tmp_path / "truth.csv")

    return make


def page_of(folder, evaluation):
    prepare(folder)
    return Page(write_folder(folder, evaluation).read_text(encoding="utf-8"))


def test_every_file_is_there_and_the_page_shows_a_plot_a_scene(found, tmp_path):
    page = page_of(tmp_path / "out", found("Bar", "Park"))
    names = sorted(f.name for f in (tmp_path / "out").rglob("*") if f.is_file())
    assert names == ["evaluation.json", "index.html", "per_scene.csv", "script.js", "style.css"]
    assert page.count("svg", **{"class": "scatter"}) == 4  # two scenes, two leagues of devices
    assert page.count("circle", **{"class": "point"}) == 2 * 5 + 10
    assert page.count("path", **{"class": "fit"}) == 2
    text = " ".join(" ".join(page.texts).split())
    assert "Median SRCC 1.00 over 2 scenes" in text
    assert "10 scores of scores.csv, against 10 ratings of truth.csv, column jod." in text


def test_hostile_names_stay_text(found, tmp_path):
    page = page_of(tmp_path / "out", found(*HOSTILE))
    assert page.count("script") == 1
    assert page.count("b") == 3  # the three counts, none of a name
    assert not [a for _, a in page.tags if "alert" in a.get("href", "") or "onload" in a]
    html = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{ 7 * 7 }}" in html
    assert "\u202e" not in html


def test_the_page_fetches_nothing(found, tmp_path):
    page = page_of(tmp_path / "out", found("Bar"))
    links = [a[n] for _, a in page.tags for n in ("href", "src") if n in a]
    outside = [link for link in links if "//" in link]
    assert outside == []
    local = {link for link in links if not link.startswith(("#", "data:,"))}
    assert {name for name in local if not (tmp_path / "out" / name).exists()} == set()


def test_the_same_input_gives_the_same_bytes(found, tmp_path):
    evaluation = found("Bar", "Park")
    for name in ("one", "two"):
        page_of(tmp_path / name, evaluation)
    for file in ("index.html", "evaluation.json", "per_scene.csv"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_an_own_folder_is_written_again_and_a_foreign_one_refused(found, tmp_path):
    evaluation = found("Bar")
    page_of(tmp_path / "out", evaluation)
    page_of(tmp_path / "out", evaluation)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("mine")
    with pytest.raises(PiqaError, match="holds other things: choose a new folder with -o"):
        prepare(tmp_path / "mine")
    assert (tmp_path / "mine" / "index.html").read_text() == "mine"


def test_undefined_scenes_have_a_plot_without_a_curve(tmp_path):
    (tmp_path / "s.csv").write_text("path,score\na.jpg,1\nb.jpg,1\n")
    (tmp_path / "t.csv").write_text("path,jod,scene\na.jpg,1,Bar\nb.jpg,2,Bar\n")
    page = page_of(tmp_path / "out", evaluate(tmp_path / "s.csv", tmp_path / "t.csv"))
    assert page.count("path") == 0
    assert page.count("circle", **{"class": "point"}) == 2
    text = " ".join(" ".join(page.texts).split())
    assert "No scene can be evaluated" in text
    assert "undefined: under 4 photos" in text
    plain = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    assert plain["overall"]["srcc"]["n_scenes"] == 0


@pytest.mark.parametrize(
    ("share", "shown"),
    [(None, NONE), (0.89, "89 %"), (0.9977, "99.8 %"), (0.99999, ">99.9 %"), (1.0, "100 %")],
)
def test_100_percent_of_pairs_means_all_of_them(share, shown):
    assert _rightly(share) == shown


def test_the_headline_says_how_often_the_better_photo_is_picked(tmp_path):
    """Of nine pairs of neighbours in each scene, one is in the wrong order."""
    lines = {"scores.csv": ["path,score"], "truth.csv": ["path,jod,scene"]}
    for scene in ("Bar", "Park", "Quay"):
        for rating, score in enumerate((0, 1, 2, 3, 4, 5, 6, 7, 9, 8)):
            lines["scores.csv"].append(f"{scene}{rating}.jpg,{score}")
            lines["truth.csv"].append(f"{scene}{rating}.jpg,{rating},{scene}")
    for file, rows in lines.items():
        (tmp_path / file).write_text("\n".join(rows) + "\n")
    found = evaluate(tmp_path / "scores.csv", tmp_path / "truth.csv")
    page = page_of(tmp_path / "out", found)
    headline = "Picks the better photo in 89 % of pairs 1–2 JOD apart"
    assert headline in page.texts

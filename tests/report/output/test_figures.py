from __future__ import annotations

import builtins
import re

import pytest
from PIL import Image

from piqa_cli.errors import MissingPartError, PiqaError
from piqa_cli.records import SceneInfo
from piqa_cli.report.output.figures import draw_figures
from piqa_cli.runs.folder import drop_older_views
from tests.runs.samples import device_rank, scene_rank, scored


def test_one_figure_of_the_ranking_one_of_the_heat_map_one_of_each_scene(make_run):
    drawn = draw_figures(make_run(), "svg")
    assert [file.name for file in drawn] == [
        "ranking.svg", "heat-map.svg", "scene-hall.svg", "scene-night.svg",
    ]  # fmt: skip
    text = drawn[0].read_text("utf-8")
    assert ">A</text>" in text
    assert "points, relative to the mean device; bars: 95 % intervals" in text
    assert "intervals unknown" in drawn[2].read_text("utf-8")
    assert "rotate(-45" in drawn[1].read_text("utf-8")  # names of devices don't run together


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_the_same_run_gives_the_same_bytes(make_run, form):
    run = make_run()
    first = [file.read_bytes() for file in draw_figures(run, form)]
    assert [file.read_bytes() for file in draw_figures(run, form)] == first
    assert not any(re.search(rb"20\d\d-\d\d-\d\dT|D:20\d\d|matplotlib v?\d", one) for one in first)


def test_a_png_is_as_sharp_as_journals_want_it(make_run):
    with Image.open(draw_figures(make_run(), "png")[0]) as ranking:
        assert round(ranking.info["dpi"][0]) == 200
        assert ranking.width > 800


def test_a_blind_figure_names_letters_and_the_key_lies_in_the_run(make_run):
    run = make_run(
        device_ranks=[device_rank("Aster One", 0.5, 1), device_rank("Birch", -0.5, 2)],
        scene_ranks=[scene_rank("Hall", "Aster One", 2, 1), scene_rank("Hall", "Birch", 1, 2)],
        results=[scored("Hall", "Aster One", 2.0), scored("Hall", "Birch", 1.0)],
    )
    texts = "".join(file.read_text("utf-8") for file in draw_figures(run, "svg", blind=True))
    assert "Aster" not in texts
    assert "Birch" not in texts
    assert (run / "blind-key.csv").read_text("utf-8").count("\n") == 3


def test_names_are_drawn_as_they_are_written(make_run):
    name = "$x^2$ <b> \u202eflip"
    run = make_run(scenes={"Hall": SceneInfo("Hall", title=name)})
    text = next(f for f in draw_figures(run, "svg") if f.name == "scene-hall.svg").read_text(
        "utf-8"
    )
    assert "$x^2$ &lt;b&gt; \N{REPLACEMENT CHARACTER}flip" in text


def test_figures_of_scenes_that_have_gone_go_and_other_files_stay(make_run):
    run = make_run()
    draw_figures(run, "svg")
    for name in ("scene-old.svg", "scene-old.pdf", "notes.txt"):
        (run / "figures" / name).write_text("")
    draw_figures(run, "svg")
    names = {file.name for file in (run / "figures").iterdir()}
    assert names == {
        "ranking.svg", "heat-map.svg", "scene-hall.svg", "scene-night.svg", "scene-old.pdf",
        "notes.txt",
    }  # fmt: skip
    (run / "report.html").write_text("")
    drop_older_views(run)
    assert not (run / "report.html").exists()
    assert [file.name for file in (run / "figures").iterdir()] == ["notes.txt"]


def test_without_matplotlib_it_is_said_how_to_get_it(make_run, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingPartError, match=r"pip install 'piqa-cli\[figures\]'"):
        draw_figures(make_run(), "png")


def test_where_nothing_was_ranked_nothing_is_drawn(make_run):
    run = make_run(device_ranks=[], scene_ranks=[], pairs=[])
    with pytest.raises(PiqaError, match="nothing was ranked"):
        draw_figures(run, "png")
    assert not (run / "figures").exists()

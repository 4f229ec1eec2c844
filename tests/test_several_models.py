"""`rank` with several models: the run of the first, one of each other, and their agreement."""

import json
import re
from urllib.parse import unquote

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.models.catalogue import MODELS
from piqa_cli.pipeline import run as rank_now
from piqa_cli.runs.listing import sizes_of
from piqa_cli.runs.table_set import load_run
from piqa_cli.settings import FindSettings, ModelChoice, RunSettings
from tests.fake_models import add_models

TABLES = ("captures", "scene_ranks", "device_ranks", "pairs")


@pytest.fixture
def rank(monkeypatch, tmp_path, captures, piqa, one_thread):
    """Ranks the captures by some models: rank("run", "light", "dark") gives folder and result."""
    add_models(monkeypatch, tmp_path / "weights", light=1, dark=-1)

    def call(name, *models, code=0, more=()):
        out = tmp_path / name
        options = [word for model in models for word in ("--model", model)]
        result = piqa("rank", captures, "-o", out, *options, *more)
        assert result.exit_code == code, result.output
        return out, result

    return call


def links_of(folder):
    """Targets of all links and pictures of a report's first page and page of models."""
    for name in ("index.html", "agreement.html"):
        page = folder / "report" / name
        if page.exists():
            for found in re.findall(r'(?:href|src)="([^"#]+)', page.read_text("utf-8")):
                if not found.startswith("data:"):
                    yield page.parent / unquote(found)


def test_each_model_has_the_run_that_it_would_have_alone(rank):
    several, _ = rank("several", "dn-piqa-mini", "light", "twin")
    for model, folder in (("light", several / "models" / "light"), ("dn-piqa-mini", several)):
        alone, _ = rank(f"alone-{model}", model)
        for table in TABLES if model == "light" else TABLES[1:]:
            file = f"{table}.parquet"
            assert (folder / file).read_bytes() == (alone / file).read_bytes(), table
    first, light = load_run(several), load_run(several / "models" / "light")
    scores = {row.path: row.score for row in light.tables.captures}
    assert {row.path: row.more["score_light"] for row in first.tables.captures} == scores
    assert light.info["part_of"] == "../.."
    assert [facts["name"] for facts in first.info["further_models"]] == ["light", "twin"]


def test_a_run_of_one_model_says_nothing_of_others(rank):
    out, _ = rank("run", "light")
    info = load_run(out).info
    assert not {"further_models", "part_of"} & set(info)
    assert not {"further", "combine"} & set(info["settings"])
    assert not (out / "models").exists()
    assert not (out / "agreement.parquet").exists()
    assert not (out / "report" / "agreement.html").exists()


def test_models_agree_and_the_pages_lead_to_one_another(rank):
    out, result = rank("run", "light", "dark", "twin")
    means = {row.pair: row.tau_b for row in load_run(out).tables.agreement if row.kind == "mean"}
    assert means["light", "dark"] == -1.0
    assert "beside  dark: agrees with light by tau -1.00" in result.stdout
    page = (out / "report" / "agreement.html").read_text("utf-8")
    assert "light and dark" in page
    for folder in (out, *(out / "models").iterdir()):
        missing = [link for link in links_of(folder) if not link.exists()]
        assert missing == []
    assert any("pictures" in str(link) for link in links_of(out / "models" / "dark"))
    assert not (out / "models" / "dark" / "pictures").exists()


def test_an_ensemble_is_a_model_of_its_own(rank):
    out, _ = rank("run", "light", "dark", more=["--combine", "rank"])
    combined = load_run(out / "models" / "combined")
    assert (combined.source.name, combined.source.scale) == ("combined", "relative")
    assert [row.score for row in combined.tables.captures] == pytest.approx([0.0] * 8)
    row = load_run(out).tables.captures[0]
    assert (row.model, row.more["score_combined"]) == ("light", 0.0)
    assert row.more["score_dark"] == -row.score


def test_a_capture_that_one_model_cannot_score_has_no_combined_score(rank, monkeypatch):
    from dataclasses import replace

    large = replace(MODELS["dark"], spec=replace(MODELS["dark"].spec, min_side_px=500))
    monkeypatch.setitem(MODELS, "dark", large)
    out, result = rank("run", "light", "dark", more=["--combine", "rank"])
    assert "warning: dark could not score 8 of the captures that light scored" in result.stdout
    (reason,) = {row.reason for row in load_run(out / "models" / "combined").tables.captures}
    assert reason == "dark has no score: shorter side is 96 px, dark needs at least 500 px"
    assert {row.more.get("score_dark") for row in load_run(out).tables.captures} == {None}


def test_a_later_run_with_fewer_models_leaves_none_of_theirs(rank):
    out, _ = rank("run", "light", "dark", "twin", more=["--combine", "rank", "--csv"])
    assert sizes_of(out).other < 1000
    rank("run", "light", "twin")
    assert [entry.name for entry in (out / "models").iterdir()] == ["twin"]
    rank("run", "light")
    assert not (out / "models").exists()
    assert list(out.glob("agreement.*")) == []


def test_a_blind_report_names_devices_nowhere(rank, piqa):
    out, _ = rank("run", "light", "dark")
    result = piqa("report", out, "--blind")
    assert "removed" in result.stderr
    assert not (out / "models" / "dark" / "report").exists()
    for page in (out / "report").rglob("*.html"):
        assert "Aster" not in page.read_text("utf-8")
    assert "models/dark" not in (out / "report" / "agreement.html").read_text("utf-8")
    piqa("report", out)
    assert (out / "models" / "dark" / "report" / "index.html").is_file()


def test_further_runs_are_runs(rank, piqa):
    out, _ = rank("run", "light", "dark")
    other, _ = rank("other", "dark")
    part = out / "models" / "dark"
    assert piqa("report", part).exit_code == 0
    assert piqa("report", part, "--single-file").exit_code == 0
    assert "data:image/webp" in (part / "report.html").read_text("utf-8")
    assert piqa("compare", other, part, "-o", out.parent / "cmp").exit_code == 0
    assert piqa("history", "Aster", other, part).exit_code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--model", "light", "--model", "light"], "--model light is named twice"),
        (["--model", "light", "--combine", "rank"], "--combine makes an ensemble of several"),
        (
            ["--model", "light", "--model", "dark", "--weights-file", "x.safetensors"],
            "with several models say which one's it is, such as light=FILE",
        ),
    ],
)
def test_contradictions_are_refused(rank, words, message):
    _, result = rank("run", code=2, more=words)
    assert message in result.stderr


def test_the_same_model_twice_is_refused_by_the_pipeline(captures, tmp_path):
    settings = RunSettings(
        FindSettings(captures), tmp_path / "run", further=(ModelChoice("dn-piqa-mini"),)
    )
    with pytest.raises(PiqaError, match="dn-piqa-mini is named twice"):
        rank_now(settings)
    assert not (tmp_path / "run").exists()


def test_weights_files_are_named_for_their_model(rank, tmp_path):
    file = tmp_path / "weights" / "light.safetensors"
    out, _ = rank("run", "dark", "light", more=["--weights-file", f"dark={file}"])
    rows = load_run(out).tables.captures
    assert [row.score for row in rows] == [row.more["score_light"] for row in rows]


def test_piqa_toml_takes_one_model_or_several(rank, piqa, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = tmp_path / "piqa.toml"
    settings.write_text(
        'model = ["light", "dark"]\nweights_file = "dark=weights/light.safetensors"\n'
    )
    out, _ = rank("run")
    run = load_run(out)
    assert run.source.name == "light"
    assert run.info["settings"]["further"] == {"dark": "weights/light.safetensors"}
    one = next((tmp_path / "captures").rglob("*.png"))
    assert json.loads(piqa("score", one, "--json").stdout)["model"] == "light"
    settings.write_text('model = "dark"\n')
    assert load_run(rank("run")[0]).source.name == "dark"
    settings.write_text('model = ["light", "nobody"]\n')
    assert "unknown model 'nobody'" in rank("run", code=3)[1].stderr

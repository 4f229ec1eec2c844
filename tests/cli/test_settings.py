"""Settings: flags over PIQA_* over piqa.toml over defaults; mistakes in it are one line."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from piqa_cli.cli.main import app
from piqa_cli.cli.option_keys import commands_of, options_of
from piqa_cli.runs.table_set import load_run


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """Works in a folder of its own; lab("...") writes its piqa.toml."""
    folder = tmp_path / "lab"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def write(text, name="piqa.toml"):
        (folder / name).write_text(text)
        return folder / name

    return write


def shown(piqa, *args):
    """`config show` as {setting: (value, source)}."""
    result = piqa("config", "show", "--json", *args)
    assert result.exit_code == 0, result.output
    return {
        row["setting"]: (row["value"], row["source"])
        for row in json.loads(result.stdout)["settings"]
    }


SOURCES = {
    "flag": ("0.1", "flag --tie-jod"),
    "environment": ("0.2", "environment PIQA_TIE_JOD"),
    "table": ("0.4", "./piqa.toml [rank]"),
    "top": ("0.5", "./piqa.toml"),
    "default": ("0.3", "default"),
}


@pytest.mark.parametrize("first", range(5))
def test_precedence(piqa, lab, monkeypatch, first):
    """Of the sources from `first` on, the first one wins."""
    said = list(SOURCES)[first:]
    if "environment" in said:
        monkeypatch.setenv("PIQA_TIE_JOD", "0.2")
    top = "tie_jod = 0.5\n" if "top" in said else ""
    lab(top + ("[rank]\ntie_jod = 0.4\n" if "table" in said else ""))
    flags = ["--tie-jod", "0.1"] if "flag" in said else []
    value, source = SOURCES[said[0]]
    assert shown(piqa, "rank", *flags)["tie_jod"] == (float(value), source)


def test_the_run_uses_what_is_shown(piqa, lab, captures, monkeypatch):
    lab(
        'face = "largest"\ntie_jod = 0.5\nworking_size = 96\nout = "runs/one"\n'
        '[rank]\nexclude = ["scene=Park"]\ncsv = true\n'
    )
    monkeypatch.setenv("PIQA_TIE_JOD", "0.25")
    result = piqa("rank", captures, "--face", "confident")
    assert result.exit_code == 0, result.output
    run = load_run(captures.parent / "lab" / "runs" / "one")
    settings = run.info["settings"]
    assert settings["score"]["face_rule"] == "confident"
    assert settings["score"]["working_side_px"] == 96
    assert settings["rank"]["tie_jod"] == 0.25
    assert {row.scene for row in run.tables.captures} == {"Bar"}
    assert (run.folder / "captures.csv").exists()


def test_a_named_file_wins_and_its_paths_are_its_own(piqa, lab, tmp_path, monkeypatch):
    lab('model = "dn-piqa"\n')
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "night.toml"
    other.write_text('out = "runs/{date}"\n')
    result = piqa("--config", other, "config", "show", "rank", "--json")
    rows = {row["setting"]: row for row in json.loads(result.stdout)["settings"]}
    assert rows["out"]["value"] == str(tmp_path / "other" / "runs" / "{date}")
    assert rows["out"]["source"] == str(other)
    assert rows["model"]["source"] == "default"
    monkeypatch.setenv("PIQA_CONFIG", "/dev/null")
    assert shown(piqa)["model"] == ("dn-piqa-mini", "default")


def test_what_a_call_names_wins_over_a_layout_or_manifest_for_all_calls(piqa, lab, captures):
    manifest = captures / "list.csv"
    manifest.write_text("path,scene,device\nBar/Aster/take_1.png,Bar,Aster\n")

    def scenes(*args):
        result = piqa("scan", *args, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)["scenes"]

    lab(f'layout = "{{device}}/{{scene}}"\n[scan]\nmanifest = "{manifest}"\n')
    assert scenes() == ["Bar"]
    assert scenes("--manifest", manifest) == ["Bar"]
    assert scenes(captures) == ["Aster", "Birch"]
    assert piqa("scan", "--manifest", manifest, "--layout", "{scene}").exit_code == 2
    assert piqa("scan", captures, "--manifest", manifest).exit_code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("modle = 'x'", "unknown key 'modle'; did you mean 'model'?"),
        ("[rnak]", "unknown key 'rnak'; did you mean 'rank'?"),
        ("[rank]\nbeby = 1", "unknown key 'beby' in [rank]; did you mean 'by'?"),
        ("[train.rnu]", "unknown key 'rnu' in [train]; did you mean 'run'?"),
        ("acknowledge = 1", "'acknowledge' must be a table: [acknowledge] warnings ="),
        ("[acknowledge]\nwarnings = 'x'", "'acknowledge.warnings' must be a list of patterns"),
        ("[acknowledge]\nwarning = ['x']", "unknown key 'warning' in [acknowledge]; did you mean"),
        ("csv = true", "'csv' is no shared setting: move it under [rank]"),
        ("rank = 1", "'rank' is a command: write its settings under [rank]"),
        ("[rank]\nfresh = true", "unknown key 'fresh' in [rank]"),
        ("tie_jod = '0.3'", "'tie_jod' must be a number, not the text '0.3'"),
        ("tie_jod = -1", "'tie_jod' must be 0 or more, not -1"),
        ("tie_jod = nan", "'tie_jod' must be 0 or more, not nan"),
        ("workers = 0", "'workers' must be 1 or more, not 0"),
        ("[score]\ntimeout = 0.05", "'score.timeout' must be 0.1 or more, not 0.05"),
        ("workers = 1.5", "'workers' must be a whole number, not 1.5"),
        ("workers = true", "'workers' must be a whole number, not true"),
        ("face = 'big'", "'face': 'big' is not one of 'scene', 'confident', 'largest'."),
        ("model = 'dn'", "'model': unknown model 'dn': choose one of bdvqa, "),
        ("layout = '{scene}/{devise}'", "'layout': layout '{scene}/{devise}'"),
        (
            "working_size = 'big'",
            "'working_size' is 'big': give pixels of the shorter side, or native",
        ),
        ("[rank]\nonly = 'a'", "'rank.only' must be a list such as [\"...\"]"),
        ("[rank]\ncsv = 1", "'rank.csv' must be true or false, not 1"),
        ("[gates]\nmin_tkes = 1", "unknown key 'min_tkes' in [gates]; did you mean 'min_takes'?"),
    ],
)
def test_what_cannot_be_meant_is_one_line(piqa, lab, captures, text, said):
    lab(text)
    for command in (["rank", captures], ["scan", captures], ["config", "show"]):
        result = piqa(*command)
        assert result.exit_code == 3, result.output
        (line,) = result.stderr.strip().splitlines()
        assert line.startswith("piqa-cli: ./piqa.toml: ")
        assert said in line


def test_a_named_file_that_is_not_there(piqa, captures):
    result = piqa("--config", "gone.toml", "scan", captures)
    assert result.exit_code == 3
    assert "gone.toml isn't there: check --config and PIQA_CONFIG" in result.stderr


def test_help_needs_no_file_and_shows_the_built_in_defaults(piqa, lab):
    before = piqa("rank", "--help").stdout
    lab('model = "dn-piqa"\ntie_jod = 9\n')
    assert piqa("rank", "--help").stdout == before
    lab("this is no TOML")
    assert piqa("rank", "--help").stdout == before
    assert piqa("train", "run", "--help").exit_code == 0


def test_help_reads_no_toml(lab):
    lab('model = "dn-piqa"\n')
    code = (
        "import sys; from piqa_cli.cli.main import app\n"
        "try: app(['rank', '--help'])\n"
        "finally: print('tomllib' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "False"


def test_config_show_for_people(piqa, lab, monkeypatch):
    monkeypatch.setenv("PIQA_MODEL", "dn-piqa")
    lab(
        'layout = "{device}/{scene}"\n[rank]\ncsv = true\n[gates]\nmin_takes = 2\n'
        '[acknowledge]\nwarnings = ["hall/*"]\n'
    )
    lines = [" ".join(line.split()) for line in piqa("config", "show").stdout.splitlines()]
    assert lines[0] == "setting value from"
    assert "model dn-piqa environment PIQA_MODEL" in lines
    assert "layout {device}/{scene} ./piqa.toml" in lines
    assert "rank.csv true ./piqa.toml [rank]" in lines
    assert "face scene default" in lines
    assert lines[-3:] == ["gate min_takes 2 (error)", "acknowledge 'hall/*'", "file ./piqa.toml"]
    assert json.loads(piqa("config", "show", "--json").stdout)["acknowledge"] == ["hall/*"]


def test_variables_that_mean_nothing_are_listed(piqa, lab, monkeypatch):
    monkeypatch.setenv("PIQA_REFRENCE", "Aster")
    monkeypatch.setenv("PIQA_ZZZ", "1")
    assert piqa("config", "show").stdout.splitlines()[-2:] == [
        "note  PIQA_REFRENCE means nothing here; did you mean PIQA_REFERENCE?",
        "note  PIQA_ZZZ means nothing here",
    ]
    told = json.loads(piqa("config", "show", "rank", "--json").stdout)
    assert told["unknown_variables"] == {"PIQA_REFRENCE": "PIQA_REFERENCE", "PIQA_ZZZ": None}


def test_known_variables_are_not_listed(piqa, lab, monkeypatch):
    for name in ("PIQA_CONFIG", "PIQA_CACHE_LIMIT", "PIQA_TIE_JOD"):
        monkeypatch.setenv(name, {"PIQA_CONFIG": "/dev/null"}.get(name, "1"))
    told = json.loads(piqa("config", "show", "--json").stdout)
    assert told["unknown_variables"] == {}


def test_config_show_of_a_command_that_is_not_there(piqa, lab):
    result = piqa("config", "show", "rnak")
    assert result.exit_code == 2
    assert "did you mean 'rank'?" in result.stderr


def test_tables_of_commands_below_commands(piqa, lab):
    lab("[train.run]\nsteps = 3\n[train.dn-piqa]\nlow_memory = true\n")
    assert shown(piqa, "train", "run")["steps"] == (3, "./piqa.toml [train.run]")
    assert shown(piqa, "train", "dn-piqa")["low_memory"] == (True, "./piqa.toml [train.dn-piqa]")


def test_every_shared_option_has_one_variable_and_one_meaning():
    """An option that several of these commands share stands at top level and in the environment."""
    root = typer.main.get_command(app)
    shared = {}
    for place, command in commands_of(root):
        for option in options_of(command).values():
            if option.shared:
                assert option.param.envvar == f"PIQA_{option.key.upper()}"
                shared.setdefault(option.key, set()).add((place, option.kind))
    assert set(shared) >= {
        "model", "weights_file", "working_size", "face", "precision", "compute", "workers",
        "timeout", "layout", "shots", "prefer", "by", "tie_jod", "reference", "out",
    }  # fmt: skip
    assert {key: len({kind for _, kind in uses}) for key, uses in shared.items()} == dict.fromkeys(
        shared, 1
    )


COMMANDS, SETTINGS, README = (
    (Path(__file__).parents[2] / name).read_text("utf-8")
    for name in ("docs/commands.md", "docs/settings.md", "README.md")
)


@pytest.mark.parametrize(
    "example",
    [
        block
        for document in (README, SETTINGS)
        for block in re.findall(r"```toml\n(.*?)```", document, re.DOTALL)
    ],
)
def test_the_examples_of_the_documents_can_be_used(piqa, lab, example):
    lab(example)
    result = piqa("config", "show")
    assert result.exit_code == 0, result.output
    assert "./piqa.toml" in result.stdout


def test_the_documents_name_every_shared_setting():
    root = typer.main.get_command(app)
    options = [o for _, command in commands_of(root) for o in options_of(command).values()]
    for key in {option.key for option in options if option.shared}:
        assert f"`{key}`" in SETTINGS
        assert f"`PIQA_{key.upper()}`" in COMMANDS

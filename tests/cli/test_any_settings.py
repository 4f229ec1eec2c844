"""piqa.toml holds anything: settings come of it, or one line, never a traceback."""

import json
import tempfile
from pathlib import Path

import pytest
import typer
from hypothesis import example, given, settings
from hypothesis import strategies as st

from piqa_cli.cli.main import app
from piqa_cli.cli.option_keys import commands_of, options_of
from piqa_cli.cli.settings_in_use import SettingsInUse
from piqa_cli.errors import PiqaError
from piqa_cli.gates.kinds import KINDS

ROOT = typer.main.get_command(app)
KEYS = sorted({key for _, command in commands_of(ROOT) for key in options_of(command)})
TABLES = ["", *sorted({f"[{'.'.join(place)}]" for place, _ in commands_of(ROOT)})]
TEXTS = st.one_of(
    st.sampled_from(
        ["", "~nobody-of-this-name/x", "a\0b", "{date}", "{", "1350", "-1", "jod", "cpu",
         "x" * 5000, "https://me:secret@lab.example", "http://[", "[", "*", "scene=", "rank"]
    ),
    st.text(max_size=10),
)  # fmt: skip
NUMBERS = st.one_of(
    st.integers(), st.floats(), st.sampled_from([2**63, -(2**63) - 1, 10**400, 1e308])
)
VALUES = st.one_of(
    TEXTS, NUMBERS, st.booleans(), st.lists(st.one_of(TEXTS, NUMBERS), max_size=3),
    st.dictionaries(st.sampled_from(KEYS), NUMBERS, max_size=2),
)  # fmt: skip


def toml(value):
    """A value as TOML writes it."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case float():
            return repr(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


@st.composite
def settings_files(draw):
    """Files whose keys are mostly known."""
    lines = [draw(st.sampled_from([*TABLES, "[gates]", "[[gates.rule]]"]))]
    known = st.sampled_from([*KEYS, *KINDS, "level", "judge", "command", "device", "gates"])
    for key, value in draw(st.dictionaries(known, VALUES, max_size=3)).items():
        lines.append(f"{key} = {toml(value)}")
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def read(content):
    """Everything that commands ask of a settings file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "piqa.toml"
        path.write_bytes(content)
        in_use = SettingsInUse(path, typer.Context(ROOT, info_name="piqa-cli"))
        try:
            in_use.gates()
        except PiqaError as error:
            return check_line(str(error), path)
        for place, command in commands_of(ROOT):
            for option in options_of(command).values():
                in_use.value(place, option)
    return None


def check_line(line, path):
    assert line.splitlines() == [line]
    assert str(path) in line
    assert "secret" not in line


@settings(derandomize=True, deadline=None, max_examples=150, database=None)
@given(st.one_of(settings_files(), st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
@example(b"x = " + b"9" * 5000)
@example(b"workers = 0x" + b"f" * 5000)
@example(b"x = " + b"[" * 5000)
@example(b"[gates]\nmax_regression_jod = 0x" + b"f" * 400)
@example(b'[rank]\nout = "a\\u0000b"')
@example(b'out = "~nobody-of-this-name/x"')
@example(b"[" + b".".join([b"a"] * 2000) + b"]")
def test_any_settings_file(content):
    read(content)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = " + "[" * 5000, "is no TOML"),
        ("tie_jod = 0x" + "f" * 5000, "a whole number has more than 64 bits: write a smaller one"),
        ('out = "a\\u0000b"', "'out': 'a\\x00b' is no path, it holds a NUL character"),
        ('out = "~nobody-of-this-name/x"', "the home of a user who isn't there"),
        ('weights_url = "http://lab"', "'weights_url': the weights address http://lab is plain"),
    ],
)
def test_settings_that_once_were_a_traceback(piqa, tmp_path, monkeypatch, text, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "piqa.toml").write_text(text)
    done = piqa("config", "show")
    assert (done.exit_code, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("piqa-cli: ./piqa.toml")
    assert said in line

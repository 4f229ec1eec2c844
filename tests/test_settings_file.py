"""piqa.toml is found, read, and complained about in one line."""

from pathlib import Path

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.settings_file import SettingsFile, find, nearest, read


def test_the_file_of_the_working_directory_is_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find(None) is None
    Path("piqa.toml").write_text("")
    assert find(None) == Path("piqa.toml")


def test_a_named_file_must_be_there(tmp_path):
    with pytest.raises(PiqaError, match=r"no\.toml isn't there: check --config and PIQA_CONFIG"):
        find(tmp_path / "no.toml")
    with pytest.raises(PiqaError, match="is a folder"):
        find(tmp_path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"model = ", "is no TOML: Invalid value (at end of document)"),
        (b"a = 1\na = 2", "is no TOML: Cannot overwrite a value"),
        (b'model = "\xe9"', "isn't UTF-8 text"),
    ],
)
def test_a_file_that_is_no_toml(tmp_path, data, words):
    file = tmp_path / "piqa.toml"
    file.write_bytes(data)
    with pytest.raises(PiqaError) as told:
        read(file)
    assert str(file) in str(told.value)
    assert words in str(told.value)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_with_the_mark_of_windows(tmp_path, encoding):
    file = tmp_path / "piqa.toml"
    file.write_text('reference = "Näm"\r\n', encoding=encoding)
    assert read(file).values == {"reference": "Näm"}


def test_paths_are_relative_to_the_file(monkeypatch):
    monkeypatch.setenv("HOME", "/home/lab")
    here, there = SettingsFile(Path("piqa.toml"), {}), SettingsFile(Path("lab/night.toml"), {})
    assert here.beside("runs/{date}") == "runs/{date}"
    assert there.beside("runs/{date}") == "lab/runs/{date}"
    assert there.beside("/data") == "/data"
    assert there.beside("~/captures") == "/home/lab/captures"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("wokring_size", "did you mean 'working_size'?"),
        ("Working-Size", "did you mean 'working_size'?"),
        ("zzz", "known are 'model' and 'working_size'"),
    ],
)
def test_the_nearest_key_is_named(key, said):
    assert nearest(key, ["working_size", "model"]) == said

"""The user's folders: named ones first, else those of the platform."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from piqa_cli.resources import cache_file, weights_dir

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="folders of Linux")


@pytest.fixture(autouse=True)
def nothing_named(monkeypatch, tmp_path):
    for name in ("PIQA_WEIGHTS", "PIQA_CACHE", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def test_folders_of_the_home(tmp_path):
    assert weights_dir() == tmp_path / ".local/share/piqa-cli/weights"
    assert cache_file() == tmp_path / ".cache/piqa-cli/scores.sqlite"


def test_folders_of_xdg(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert weights_dir() == tmp_path / "data/piqa-cli/weights"
    assert cache_file() == tmp_path / "cache/piqa-cli/scores.sqlite"


def test_named_folders_win(monkeypatch):
    monkeypatch.setenv("PIQA_WEIGHTS", "~/w")
    monkeypatch.setenv("PIQA_CACHE", "/c")
    assert weights_dir() == Path.home() / "w"
    assert cache_file() == Path("/c/scores.sqlite")


def test_home_of_nobody_is_told(monkeypatch, piqa):
    monkeypatch.setenv("PIQA_WEIGHTS", "~nobody-of-this-name/w")
    done = piqa("weights", "path")
    assert done.exit_code == 3
    assert done.stderr == (
        "piqa-cli: PIQA_WEIGHTS=~nobody-of-this-name/w: the home of a user who isn't there\n"
    )

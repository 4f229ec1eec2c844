"""Targets of `make` before anything is installed, and the versions it installs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {re.sub("[-_.]+", "-", name).lower(): version for name, version in pairs}


def test_every_dependency_is_pinned_to_a_version_that_its_range_allows():
    named = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    for requirement in map(Requirement, named):
        pinned = pins()[re.sub("[-_.]+", "-", requirement.name).lower()]
        assert requirement.specifier.contains(pinned), f"{requirement} but {pinned} was tried"


def test_ci_runs_the_three_targets_and_can_be_started():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert script.read_text(encoding="utf-8").endswith("exec make check test demo\n")


@pytest.fixture
def bare(tmp_path):
    """A folder with what `make` needs to decide whether to set up, and no .venv."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["make", "--no-print-directory", *arguments]
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        command, cwd=folder, env=env | {"LC_ALL": "C"}, capture_output=True, text=True, check=False
    )


def test_make_alone_only_tells_its_targets(bare):
    told = make(bare)
    assert told.returncode == 0
    assert [line.split()[1] for line in told.stdout.splitlines()[:5]] == [
        "demo",
        "test",
        "coverage",
        "check",
        "clean",
    ]
    assert not (bare / ".venv").exists()


def test_make_says_that_there_is_no_python(bare):
    told = make(bare, "demo", "PYTHON=python9")
    assert told.stdout == (
        "piqa-cli: no python9 here: install Python >= 3.11 or say make PYTHON=...\n"
    )
    assert told.returncode == 2
    assert not (bare / ".venv").exists()


def test_make_says_that_python_is_too_old(bare):
    old = bare / "old"
    old.write_text('#!/bin/sh\nif [ "$1" = -V ]; then echo Python 3.10.4; else exit 1; fi\n')
    old.chmod(0o755)
    told = make(bare, "test", "PYTHON=./old")
    assert told.stdout == (
        "piqa-cli: needs Python >= 3.11 and ./old is Python 3.10.4: say make PYTHON=python3.11\n"
    )
    assert told.returncode == 2
    assert not (bare / ".venv").exists()


def test_make_finds_a_finished_environment_and_installs_nothing(bare):
    (bare / ".venv").mkdir()
    (bare / ".venv" / ".installed").touch()
    told = make(bare, ".venv/.installed", "PYTHON=python9")
    assert told.returncode == 0
    assert "up to date" in told.stdout

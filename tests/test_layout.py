"""The tree stays as it was meant: few names at the top, short files, light imports."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOP = {
    ".ci", ".github", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile",
    "NOTICE", "README.md", "SECURITY.md", "constraints.txt", "docs", "piqa_cli", "pyproject.toml",
    "sample_sets", "templates", "tests",
}  # fmt: skip
STAGES = {"discover", "read", "face", "score", "rank", "runs", "report"}
LONG_LINES = 400


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_top_level_holds_only_expected_names():
    assert {file.relative_to(ROOT).parts[0] for file in tracked()} - TOP == set()


def test_the_folders_are_the_pipeline():
    folders = {place.parent.name for place in (ROOT / "piqa_cli").glob("*/__init__.py")}
    beside = set(
        "models weights train evaluate compare history gates expect cli records formats parts".split()
    )
    assert folders - STAGES == beside
    assert folders >= STAGES


def test_long_files_are_named():
    """A file is as long as its idea: a long one is a reason to look, not to saw it apart."""
    for file in (ROOT / "piqa_cli").rglob("*.py"):
        count = len(file.read_text(encoding="utf-8").splitlines())
        if count > LONG_LINES:
            warnings.warn(f"{file.relative_to(ROOT)} has {count} lines", stacklevel=1)


def test_no_module_is_a_junk_drawer():
    junk = {"utils", "helpers", "common", "misc", "manager"}
    assert [f for f in (ROOT / "piqa_cli").rglob("*.py") if f.stem in junk] == []


def test_every_module_says_what_it_is_for():
    silent = [
        file
        for file in (ROOT / "piqa_cli").rglob("*.py")
        if not file.read_text(encoding="utf-8").startswith('"""')
    ]
    assert silent == []


def test_every_tracked_file_is_small_enough_to_clone():
    assert [file.name for file in tracked() if file.stat().st_size > 9e6] == []


@pytest.mark.parametrize(
    "module",
    "discover read rank runs report face evaluate compare history gates settings records schema "
    "formats resources spreadsheet finish from_scores".split(),
)
def test_importing_a_light_module_loads_no_torch(module):
    code = f"import sys, piqa_cli.{module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

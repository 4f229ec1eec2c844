"""Small runs with literal scores, written through the same doors as the real ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from piqa_cli.compare.comparison import compare_folders
from piqa_cli.records import Box, Capture, Exif, Face, Failed, Prediction, Scored
from piqa_cli.runs.folder import prepare_out, write_run
from tests.runs.samples import content, facts_of, hash_of, recipe


def photo(
    scene, device, score, name="1.jpg", *, shot=None, take=None, firmware=None, condition=None,
    folder=None, **exif,
):  # fmt: skip
    """A scored capture; equal `shot`s are equal files, by default every score is a shot."""
    path = f"{folder or f'{scene}/{device}'}/{name}"
    sha256 = f"{hash_of(str(shot or f'{path} {score}')):064x}"
    return Scored(
        Capture(path, Path(path), scene, device, firmware, condition, take),
        replace(facts_of(sha256), exif=Exif(**exif)),
        Face(Box(10.0, 10.0, 30.0, 30.0), 0.9, 1, "detect"),
        Prediction(score, ()),
    )


def broken(scene, device, name="1.jpg"):
    path = f"{scene}/{device}/{name}"
    return Failed(Capture(path, Path(path), scene, device), "read", "truncated JPEG")


@pytest.fixture
def make_run(tmp_path):
    """Writes a run of the given results: make_run("base", photo(...), ...)."""

    def make(name, *results, **changes):
        folder = tmp_path / name
        prepare_out(folder)
        empty = {"scene_ranks": [], "device_ranks": [], "recipe": recipe()}
        write_run(content(out=folder, results=list(results), **{**empty, **changes}))
        return folder

    return make


@pytest.fixture
def compared(make_run):
    """Compares two lists of captures: compared([photo(...)], [photo(...)], maps=...)."""

    def compare(base, new, **asked):
        folders = (make_run("base", *base), make_run("new", *new))
        return compare_folders(*folders, **asked)

    return compare

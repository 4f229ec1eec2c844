"""Comparisons in and beside folders of runs are found, with the runs that they name."""

import json

import pytest

from piqa_cli.compare.named_runs import named_runs
from piqa_cli.errors import PiqaError


def compared(folder, *names):
    folder.mkdir(parents=True)
    base, new = ({"name": name, "files": {"captures.parquet": name}} for name in names)
    text = json.dumps({"kind": "piqa-cli comparison", "base": base, "new": new})
    (folder / "compare.json").write_text(text)


def test_comparisons_lie_in_the_folder_or_beside_it(tmp_path):
    compared(tmp_path / "lab" / "runs" / "x" / "y" / "z", "a", "b")
    compared(tmp_path / "lab" / "changes", "c", "d")
    compared(tmp_path / "lab" / "weekly" / "2026-01-31", "e", "f")
    compared(tmp_path / "lab" / "some" / "where" / "else", "g", "h")
    found = named_runs([tmp_path / "lab" / "runs"])
    assert {run.name for run in found} == set("abcdef")
    assert next(run for run in found if run.name == "c").comparison == tmp_path / "lab" / "changes"


def test_other_files_of_that_name_are_passed_over(tmp_path):
    for name, text in (("a", "[]"), ("b", '{"kind": "something else"}')):
        (tmp_path / "runs" / name).mkdir(parents=True)
        (tmp_path / "runs" / name / "compare.json").write_text(text)
    assert named_runs([tmp_path / "runs"]) == []


@pytest.mark.parametrize("text", ["{", '{"kind": "piqa-cli comparison"}'])
def test_a_comparison_that_cannot_be_read_is_no_reason_to_go_on(tmp_path, text):
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes" / "compare.json").write_text(text)
    with pytest.raises(PiqaError, match=r"compare.json can't be read.*compare again or remove it"):
        named_runs([tmp_path / "runs"])

from __future__ import annotations

from piqa_cli.natural import natural, natural_path


def test_numbers_sort_by_value_and_case_is_ignored():
    names = ["take10", "Take2", "take2", "b", "A"]
    assert sorted(names, key=natural) == ["A", "b", "Take2", "take2", "take10"]


def test_files_of_a_folder_stay_together():
    assert sorted(["a 1/z", "a/10", "a/9"], key=natural_path) == ["a/9", "a/10", "a 1/z"]

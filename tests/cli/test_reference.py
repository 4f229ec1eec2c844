"""`rank --reference`."""

import json

import pytest

from piqa_cli.runs.table_set import load_run

pytestmark = pytest.mark.usefixtures("known")


def test_gaps_are_against_the_reference(piqa, captures, tmp_path):
    result = piqa("rank", captures, "-o", tmp_path / "run", "--reference", "Birch")
    assert result.exit_code == 0, result.output
    assert "to Birch" in result.stdout.splitlines()[0]
    run = load_run(tmp_path / "run")
    rows = {r.device: r for r in run.tables.device_ranks if r.condition is None}
    assert {row.reference for row in rows.values()} == {"Birch"}
    assert rows["Birch"].gap == 0.0
    assert rows["Aster"].gap == rows["Aster"].score - rows["Birch"].score
    (pair,) = run.tables.pairs
    assert (pair.family, pair.n_scenes) == ("reference", 2)
    assert run.info["settings"]["rank"]["reference"] == "Birch"


def test_a_misspelt_reference_is_told_before_anything_is_scored(piqa, captures, tmp_path):
    result = piqa("rank", captures, "-o", tmp_path / "run", "--reference", "birsh")
    assert result.exit_code == 3
    assert result.stderr == (
        "piqa-cli: --reference 'birsh': no such device here; did you mean 'Birch'?\n"
    )
    assert not (tmp_path / "run").exists()


def test_a_reference_whose_captures_all_fail_costs_only_the_gaps(piqa, captures, tmp_path):
    for file in captures.glob("*/Birch/*.png"):
        file.write_bytes(file.read_bytes()[:500])
    result = piqa("rank", captures, "-o", tmp_path / "run", "--reference", "Birch", "--json")
    assert result.exit_code == 5, result.output
    (row,) = json.loads(result.stdout)["device_ranks"]
    assert (row["device"], row["gap"]) == ("Aster", None)
    assert "no gap: the reference Birch has no score in this group" in row["note"]

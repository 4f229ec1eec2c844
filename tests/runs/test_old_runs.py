"""Runs of earlier versions stay readable by every command, and so do those of later minor ones."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.records import GivenScores, ModelSpec
from piqa_cli.runs.parquet import VERSION_KEY
from piqa_cli.runs.table_set import load_run

DATA = Path(__file__).parents[1] / "data" / "schema-1"
NAMES = ("model", "given")


@pytest.fixture
def old(tmp_path):
    """Copies of the old runs: old("model")."""

    def copy(name, to=""):
        return Path(shutil.copytree(DATA / name, tmp_path / (to or name)))

    return copy


def rewritten(folder: Path, change) -> Path:
    """The run with every table changed, and run.json told of it."""
    info = json.loads((folder / "run.json").read_bytes())
    for name in info["files"]:
        pq.write_table(change(pq.read_table(folder / name)), folder / name)
        info["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "run.json").write_text(json.dumps(info))
    return folder


def a_column_more(table: pa.Table) -> pa.Table:
    return table.append_column("sharpness", pa.array(range(len(table))))


def a_column_less(table: pa.Table) -> pa.Table:
    late = {"exif_ev100", "fault_costs", "take_sd", "p_holm", "spread"}
    return table.drop_columns(sorted(late & set(table.column_names)))


CHANGES = [lambda table: table, a_column_more, a_column_less]


def test_what_an_old_run_says_is_known(old):
    model, given = (load_run(old(name)) for name in NAMES)
    assert isinstance(model.source, ModelSpec)
    assert isinstance(given.source, GivenScores)
    assert (given.recipe.model, given.recipe.scale, given.recipe.precision) == (
        "given",
        "jod",
        None,
    )
    recipe = model.recipe
    assert (recipe.model, recipe.preprocessing) == ("dn-piqa-mini", "dn-piqa-mini/5")
    assert (recipe.working_size, recipe.precision) == ("1350", "fp32")
    assert (recipe.face_rule, recipe.reading) == ("confident", "read-1, littlecms 2.19")
    assert recipe.weights_sha256.startswith("55c35e0c")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_command_reads_it(old, piqa, tmp_path, name, change):
    run, again = old(name), rewritten(old(name, "again"), change)
    done = piqa("report", again)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "index.html" in {file.name for file in (again / "report").iterdir()}
    done = piqa("compare", run, again, "-o", tmp_path / "compared", "--json")
    assert done.exit_code == 0, done.stderr
    assert {row["verdict"] for row in json.loads(done.stdout)["devices"]} <= {"same", "unchanged"}
    device = "kestrin-k2" if name == "model" else "Aster One"
    done = piqa("history", device, run, again, "--json")
    assert done.exit_code == 0, done.stderr
    (series,) = json.loads(done.stdout)["series"]
    assert [point["change"] for point in series["runs"]] == [None, 0.0]
    rows = pq.read_table(run / "captures.parquet").to_pylist()
    scores = {row["path"]: row["score"] for row in rows}
    truth = tmp_path / "truth.csv"
    truth.write_text("path,jod\n" + "".join(f"{path},{score}\n" for path, score in scores.items()))
    done = piqa("evaluate", again, "--truth", truth, "--json")
    assert done.exit_code == 0, done.stderr


def test_a_column_that_is_missing_is_null_and_a_new_one_is_passed_over(old):
    late = load_run(rewritten(old("model"), a_column_less)).tables.captures
    assert {row.exif_ev100 for row in late} == {None}
    full = load_run(rewritten(old("model", "more"), a_column_more)).tables.captures
    assert full == load_run(DATA / "model").tables.captures


def test_a_column_that_is_never_null_must_be_there(old):
    def without_path(table: pa.Table) -> pa.Table:
        return table.drop_columns({"path"} & set(table.column_names))

    with pytest.raises(PiqaError, match=r"captures\.parquet has no column path"):
        load_run(rewritten(old("given"), without_path))


@pytest.mark.parametrize(
    ("version", "fits"), [("1", True), ("1.4", True), ("2", False), ("2.0", False)]
)
def test_only_a_newer_major_schema_is_refused(old, version, fits):
    def stamped(table: pa.Table) -> pa.Table:
        return table.replace_schema_metadata(
            {**table.schema.metadata, VERSION_KEY: version.encode()}
        )

    folder = rewritten(old("given"), stamped)
    if fits:
        assert load_run(folder).source.name == "given"
    else:
        with pytest.raises(
            PiqaError, match=rf"newer piqa-cli \(schema {version}, this one reads 1\)"
        ):
            load_run(folder)


def test_a_newer_run_json_is_refused_by_name(old, piqa):
    folder = old("model")
    info = json.loads((folder / "run.json").read_bytes())
    (folder / "run.json").write_text(json.dumps(info | {"schema_version": 2}))
    done = piqa("report", folder)
    assert done.exit_code == 3
    assert "run.json was written by a newer piqa-cli (schema 2" in done.stderr

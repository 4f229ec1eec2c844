"""A list of runs comes from run.json and the sizes of files alone."""

import json

from piqa_cli.records.gates import GateResult
from piqa_cli.runs.listing import Sizes, list_runs, sizes_of


def gate(**changes):
    known = dict.fromkeys(GateResult.__slots__)
    return GateResult(**known | {"name": "g", "level": "error", "text": "t"} | changes)


def test_a_run_in_one_line(dated, runs):
    gates = [gate(passed=False), gate(passed=False, level="warn"), gate(passed=True), gate()]
    folder = dated("2026-01-05", gates=gates)
    for table in folder.glob("*.parquet"):
        table.write_bytes(b"not read")
    ([run], unlisted) = list_runs([runs])
    assert unlisted == []
    assert (run.name, f"{run.started_at:%Y-%m-%d}", run.model) == ("2026-01-05",) * 2 + ("tiny",)
    assert (run.devices, run.ok, run.failed) == (2, 3, 1)
    assert run.gates == {"failed": 1, "warning": 1, "passed": 1, "not judged": 1}


def test_bytes_by_what_they_are_for(dated, tmp_path):
    folder = dated("2026-01-05")
    (folder / "report.html").write_bytes(bytes(30))
    (folder / "figures").mkdir()
    (folder / "figures" / "ranking.svg").write_bytes(bytes(4))
    (folder / "log.jsonl").write_bytes(bytes(7))
    (folder / "elsewhere").symlink_to(tmp_path)
    tables = sum(file.stat().st_size for file in folder.glob("*.parquet"))
    tables += (folder / "run.json").stat().st_size
    assert sizes_of(folder) == Sizes(tables, pictures=1000, report=234, other=7)


def test_runs_of_older_versions_have_no_number_of_devices(dated, runs):
    file = dated("2026-01-05") / "run.json"
    info = json.loads(file.read_bytes())
    del info["devices"]
    file.write_text(json.dumps(info))
    ([run], _) = list_runs([runs])
    assert run.devices is None


def test_what_cannot_be_listed_is_named(dated, runs):
    for name, text in (("a", "{"), ("b", '{"kind": "piqa-cli run", "schema_version": 99}')):
        (dated("2026-01-05", name=name) / "run.json").write_text(text)
    (dated("2026-01-05", name="c") / "run.json").unlink()
    info = {"kind": "piqa-cli run", "schema_version": 1}
    info |= {"provenance": {"started_at": "2026-01-05T02:00:00+00:00"}}
    (dated("2026-01-05", name="d") / "run.json").write_text(json.dumps(info))
    found, unlisted = list_runs([runs])
    assert found == []
    words = ("can't be read as JSON", "newer piqa-cli", "no finished run", "lacks counts")
    assert [one.name for one in unlisted] == ["a", "b", "c", "d"]
    assert all(word in one.reason for word, one in zip(words, unlisted, strict=True))

"""Several machines, computed from the rates of one."""

import json

import pytest

from piqa_cli.benchmark.machines import machine_table, read_rates
from piqa_cli.benchmark.rates import Rates
from piqa_cli.benchmark.stages import FRONT_STAGES


def stages(front_s, hash_s):
    rest = (front_s - hash_s) / (len(FRONT_STAGES) - 1)
    return {n: {"cpu_s": hash_s if n == "hash" else rest, "wall_s": 1.0} for n in FRONT_STAGES}


def test_a_gpu_waits_for_its_cores():
    rates = Rates(front_s=0.4, hash_s=0.01, networks_s=0.1, photos_s=50.0, cores=16)
    assert rates.per_s == pytest.approx(40)
    assert rates.bound == "CPUs (front end)"
    head, rows = machine_table(rates, price=3.6, machines=(1, 64))
    assert head[-2:] == ("per million", "by Ray")
    assert rows[0] == (
        *("1", "144,000", "CPUs (front end)", "144,000", "CPUs (front end)", "25.00", "25.00"),
    )
    # 64 x 40 photographs a second, of which one machine hashes 1,600.
    assert rows[1] == (
        *("64", "9,216,000", "CPUs (front end)", "5,760,000", "hashes on one machine"),
        *("25.00", "40.00"),
    )


def test_without_a_gpu_the_networks_take_the_same_cores():
    rates = Rates(front_s=0.4, hash_s=0.01, networks_s=1.6, photos_s=None, cores=2)
    assert rates.per_s == pytest.approx(1)
    assert machine_table(rates, machines=(8,))[1] == [
        ("8", "28,800", "CPUs (networks)", "28,800", "CPUs (networks)")
    ]


def test_the_main_process_is_a_bound_of_each_machine():
    rates = Rates(0.05, 0.001, 0.1, photos_s=200.0, cores=16, main_s=0.02)
    assert rates.per_s == pytest.approx(50)  # the cores give 16 / 0.07, the GPU 200
    _, rows = machine_table(rates, machines=(1, 8))
    assert [row[:3] for row in rows] == [
        ("1", "180,000", "main process"),
        ("8", "1,440,000", "main process"),
    ]
    slow = Rates(0.05, 0.001, 0.1, photos_s=None, cores=1, main_s=0.1)
    assert (slow.per_s, slow.bound) == (pytest.approx(4), "CPUs (networks)")


def test_the_json_of_a_benchmark_is_read(tmp_path, piqa):
    file = tmp_path / "bench.json"
    networks = [
        {"way": "a", "photos_s": 20.0, "photos": 10, "spent": {"cpu_s": 1.0, "wall_s": 1.0}},
        {"way": "b", "reason": "no memory"},
    ]
    facts = {"networks": networks, "stages": stages(0.2, 0.02), "on_gpu": True, "cores": 8}
    file.write_text(json.dumps(facts))
    assert read_rates(file) == Rates(pytest.approx(0.2), 0.02, 0.1, 20.0, 8)
    assert read_rates(file, cores=2).per_s == pytest.approx(10)
    file.write_text(json.dumps(facts | {"workers": {"main_cpu_s": 0.1}}))
    assert (read_rates(file).per_s, read_rates(file).bound) == (pytest.approx(10), "main process")
    file.write_text(json.dumps(facts))
    result = piqa("benchmark", "--machines", file, "--price", "2")
    assert result.exit_code == 0, result.output
    assert "72,000" in result.stdout
    del facts["stages"]
    file.write_text(json.dumps(facts))
    refused = piqa("benchmark", "--machines", file)
    assert refused.exit_code == 3
    assert "has no stages of a benchmark" in refused.stderr

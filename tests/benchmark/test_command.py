import json

import pytest
from typer.testing import CliRunner

from piqa_cli.benchmark import result
from piqa_cli.benchmark.measure import Benchmark
from piqa_cli.benchmark.networks import NetworkSpeed, Unusable, Way
from piqa_cli.benchmark.stages import FRONT_STAGES, PARTS_OF_READ, Stages
from piqa_cli.benchmark.whole import WholeRun
from piqa_cli.benchmark.work import Spent
from piqa_cli.cli.main import app


def test_everything_of_the_small_model():
    words = "benchmark --photos 5 --megapixels 0.3 --workers 1 --threads 1 --batches 1 --json"
    done = CliRunner().invoke(app, [*words.split(), "--compute", "cpu"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["notes"][1] == "photographs: 5 made JPEGs of 0.3 megapixels"
    assert set(found["stages"]) == {*FRONT_STAGES, *PARTS_OF_READ}
    assert found["networks"][0]["photos_s"] > 0
    assert found["whole"]["photos"] == found["front_alone"]["photos"] == 5
    assert found["whole"]["photos_s"] > 0
    one, two = found["workers"]["runs"]
    assert (one, two["workers"]) == (found["whole"], 2)  # one worker was asked for
    assert found["workers"]["two_to_one"] == two["photos_s"] / one["photos_s"]
    # Front processes are the children of another process, whose time counts, too.
    assert found["whole"]["spent"]["cpu_s"] > 2 * found["stages"]["face"]["cpu_s"]
    assert found["workers"]["main_cpu_s"] > 0


def test_the_loop_is_of_dn_piqa():
    words = "benchmark --networks-only --reference --photos 1 --megapixels 0.3 --compute cpu"
    done = CliRunner().invoke(app, [*words.split(), "--batches", "1"])
    assert done.exit_code != 0
    assert "--reference is a loop of dn-piqa, not of dn-piqa-mini" in done.output


def test_a_model_that_needs_landmarks_is_refused():
    done = CliRunner().invoke(app, ["benchmark", "--model", "dsl-fiqa", "--compute", "cpu"])
    assert done.exit_code == 2
    assert "dsl-fiqa needs landmarks" in done.output


def test_networks_that_run_in_no_way_end_with_the_reason(monkeypatch):
    broken = Unusable(Way("fp32", "eager", 1), "no kernel")
    monkeypatch.setattr("piqa_cli.benchmark.measure.measure_ways", lambda *_, **__: [broken])
    done = CliRunner().invoke(app, ["benchmark", "--networks-only", "--compute", "cpu"])
    assert done.exit_code == 3
    assert "dn-piqa-mini doesn't run here: no kernel" in done.output


def benchmark(*, on_gpu, photos_s, face_s=0.2):
    spent = dict.fromkeys((*FRONT_STAGES, *PARTS_OF_READ), Spent(0.05, 0.05))
    spent["face"] = Spent(face_s, face_s)
    way = Way("bf16", "graph", 16)
    speed = NetworkSpeed(way, 100, Spent(100 / photos_s, 100 / photos_s), 1.0, 500.0, on_gpu, 1.0)
    broken = Unusable(Way("bf16", "compile", 16), "no compiler")
    return Benchmark(("a",), on_gpu, (speed, broken), Stages(4, spent, (), ()))


def test_rates_by_cores_are_capped_by_a_gpu_and_shared_on_a_cpu():
    on_gpu = result.rate_by_cores(benchmark(on_gpu=True, photos_s=10))
    assert on_gpu[1] == pytest.approx(2.5)  # 0.4 CPU-s of front end
    assert on_gpu[16] == pytest.approx(10)
    on_cpu = result.rate_by_cores(benchmark(on_gpu=False, photos_s=10))
    assert on_cpu[16] == pytest.approx(16 / 0.5)


@pytest.mark.parametrize(
    ("found", "bound"),
    [
        (benchmark(on_gpu=False, photos_s=1), "the networks"),
        (benchmark(on_gpu=False, photos_s=100), "the front end (its longest stage: face)"),
        (benchmark(on_gpu=True, photos_s=1), "the networks"),
        (benchmark(on_gpu=True, photos_s=100), "the front end (its longest stage: face)"),
    ],
)
def test_the_bound_is_named(found, bound):
    assert result.bound_by(found) == bound


def test_a_way_that_does_not_work_is_a_row_with_its_reason():
    _, rows = result.network_table(benchmark(on_gpu=True, photos_s=10))
    assert rows[1] == ("bf16 compile, 16 a batch", *["-"] * 7, "no compiler")


def test_a_whole_run_is_compared_with_its_slower_part():
    from dataclasses import replace

    run = WholeRun(100, 16, Spent(40.0, 20.0), 2.0, 8.0)
    found = replace(benchmark(on_gpu=True, photos_s=10), front=run, whole=replace(run, photos_s=6))
    assert result.whole_of_slower(found) == 0.75
    assert list(result.lines(found))[-1] == (
        "whole run: 75% of the slower of front end (8) and networks (10)"
    )
    in_front = replace(found, in_front=True)
    assert result.whole_of_slower(in_front) is None
    assert "front processes" in list(result.lines(in_front))[-1]


def test_a_run_of_few_photographs_has_no_rate_and_says_so():
    from dataclasses import replace

    run = WholeRun(1, 1, Spent(1.0, 2.0), 2.0, None)
    found = replace(benchmark(on_gpu=True, photos_s=10), front=run, whole=run)
    said = list(result.lines(found))
    assert result.whole_of_slower(found) is None
    assert said[-1].startswith("whole run: too few photographs")
    assert "whole run, 1 front processes: first score after 2.0 s, 1 CPU-s a photo" in said
    assert result.as_json(found)["whole_of_slower"] is None


def test_the_main_process_caps_what_many_cores_give():
    from dataclasses import replace

    one = WholeRun(24, 1, Spent(24.0, 24.0), 2.0, 1.0, 0.05)
    two = replace(one, workers=2, photos_s=1.9)
    found = replace(benchmark(on_gpu=False, photos_s=10), by_workers=(one, two))
    each_s = 0.4 + 0.1 + 0.05
    assert result.rate_by_cores(found) == pytest.approx(
        {1: 1 / each_s, 2: 2 / each_s, 4: 4 / each_s, 8: 8 / each_s, 16: 20}
    )
    assert list(result.lines(found))[-2:] == [
        "workers: two give 1.90 times the photographs of one (1.9 and 1/s)",
        "cores: times the photographs of one, computed: 4 with 4, 8 with 8, 11 with 16 "
        "(the main process takes 0.05 CPU-s a photo)",
    ]
    few = replace(found, by_workers=(replace(one, photos_s=None, own_cpu_s=None), two))
    assert result.as_json(few)["workers"]["two_to_one"] is None
    assert "too few photographs" in list(result.lines(few))[-1]

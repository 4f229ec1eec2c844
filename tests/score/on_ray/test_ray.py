"""A Ray cluster scores as one machine does, and loses no row with a process or a machine."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from PIL import Image

from piqa_cli.errors import MissingPartError
from piqa_cli.records import Capture, Failed
from piqa_cli.score.on_ray import start
from piqa_cli.score.on_ray.start import check_ray, start_ray
from piqa_cli.score.run import score_captures
from piqa_cli.settings import RaySettings, ScoreSettings
from tests.quick_model import install_quick
from tests.s3 import put_folder, use_s3

ROOT = Path(__file__).resolve().parents[3]
CAPTURES = int(os.environ.get("PIQA_TEST_CAPTURES", "40"))  # of the test that loses a machine
on_ray = pytest.mark.on_ray
both = pytest.mark.parametrize("model", ["quick", "quick-small"])
SETTINGS = ScoreSettings(model="quick", use_cache=False, face_rule="confident")


def test_without_ray_the_extra_is_named(piqa, captures, tmp_path, monkeypatch):
    monkeypatch.setattr(start, "find_spec", lambda name: None)
    result = piqa("rank", captures, "-o", tmp_path / "run", "--engine", "ray")
    assert result.exit_code == 4
    assert result.stderr == "piqa-cli: --engine ray needs Ray: pip install 'piqa-cli[ray]'\n"
    with pytest.raises(MissingPartError):
        check_ray()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--ray-address", "auto"], "--ray-address is for --engine ray"),
        (["--ray-gpus", "0.5"], "--ray-gpus is for --engine ray"),
        (["--engine", "ray", "--workers", "2"], "--workers is for this machine alone"),
        (["--engine", "ray", "--ray-gpus", "1.5"], "give a whole number, or a fraction"),
    ],
)
def test_contradictions_are_refused(piqa, captures, words, message):
    result = piqa("rank", captures, *words)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("address", "set_before", "niceness"),
    [(None, None, "0"), (None, "10", "10"), ("auto", None, None)],
)
def test_ray_on_this_machine_is_no_nicer_than_this_run(monkeypatch, address, set_before, niceness):
    ray = pytest.importorskip("ray")
    from piqa_cli.score.on_ray import engine

    name, seen = "RAY_worker_niceness", []
    monkeypatch.setenv(name, set_before or "")
    if set_before is None:
        monkeypatch.delenv(name)
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(ray, "init", lambda **_named: seen.append(os.environ.get(name)))
    monkeypatch.setattr(engine, "_keep_off_stdout", lambda: None)
    alone = engine._connect(RaySettings(address=address))
    assert seen == [niceness]
    assert alone == (address is None)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A cluster of two machines, with a quick model that all of its processes can import."""
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    folder = tmp_path_factory.mktemp("quick")
    package = install_quick(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{ROOT}")
        patch.setenv("OMP_NUM_THREADS", "1")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        machines = Cluster(initialize_head=True, head_node_args={"num_cpus": 2})
        ray.init(machines.address, log_to_driver=False, logging_level="ERROR")
        machines.package = package
        yield machines
        ray.shutdown()
        machines.shutdown()


@pytest.fixture
def pictures(tmp_path, texture):
    """Forty captures of four scenes."""
    found = []
    for n in range(40):
        file = tmp_path / "captures" / f"scene {n % 4}" / f"device {n // 4 % 5}" / f"{n // 20}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(texture(n)).save(file)
        found.append(Capture(str(file), file, file.parts[-3], file.parts[-2]))
    return found


def flat(file, level):
    Image.new("RGB", (64, 64), (level, level, level)).save(file)


def on_cluster(captures, progress=None, *, model="quick"):
    wanted = {} if progress is None else {"progress": progress}
    return score_captures(
        captures,
        replace(SETTINGS, model=model),
        start=partial(start_ray, settings=RaySettings()),
        **wanted,
    )


@on_ray
@pytest.mark.parametrize("others", [(), ("--model", "quick")])
def test_tables_and_pages_are_those_of_one_machine(
    cluster, captures, piqa, tmp_path, one_thread, others
):
    (captures / "Bar" / "Aster" / "take_3.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    words = ("rank", captures, "--fresh", "--model", "dn-piqa-mini", *others)
    for engine in ("local", "ray"):
        result = piqa(*words, "-o", tmp_path / engine / "run", "--engine", engine)
        assert result.exit_code == 5, result.output
    found = [
        {
            str(file.relative_to(tmp_path / engine)): file.read_bytes()
            for file in (tmp_path / engine).rglob("*")
            if file.is_file() and file.name not in ("timings.parquet", "run.json", ".run-lock")
        }
        for engine in ("local", "ray")
    ]
    assert found[0] == found[1]
    assert len(found[0]) > 20
    scored_on = json.loads((tmp_path / "ray" / "run" / "run.json").read_text())["provenance"]
    assert scored_on["scored_on"]["engine"] == "ray"


@on_ray
@pytest.mark.parametrize("others", [(), ("--model", "quick")])
def test_a_storage_that_only_this_machine_knows_ranks_as_a_folder(
    cluster, captures, piqa, tmp_path, monkeypatch, one_thread, s3_server, others
):
    shutil.rmtree(captures / "Park")
    use_s3(monkeypatch, s3_server)  # after the cluster was started
    for source, engine in ((captures, "local"), (put_folder(captures, s3_server), "ray")):
        words = ("rank", source, "--fresh", "--model", "dn-piqa-mini", *others)
        result = piqa(*words, "-o", tmp_path / engine, "--engine", engine)
        assert result.exit_code == 0, result.output
    found = [
        {file.name: pq.read_table(file).to_pylist() for file in (tmp_path / engine).glob("*ks.p*")}
        | {"captures": pq.read_table(tmp_path / engine / "captures.parquet").to_pylist()}
        for engine in ("local", "ray")
    ]
    assert found[0] == found[1]
    assert [row["status"] for row in found[0]["captures"]] == ["ok"] * 4


@on_ray
def test_a_picture_that_is_deadly_for_a_small_model_costs_its_own_row(cluster, pictures):
    for place, level in ((5, 1), (21, 2), (33, 5)):
        flat(pictures[place].file, level)
    found = on_cluster(pictures, model="quick-small")
    assert [result.capture for result in found.results] == pictures
    failed = {n: r.reason for n, r in enumerate(found.results) if isinstance(r, Failed)}
    assert failed == {
        5: "the reading process died (Abnormal termination)",
        21: "the reading process died (Abnormal termination)",
        33: "the reading process died",
    }
    assert found.hardware["actors"] == 0


@on_ray
def test_a_deadly_picture_costs_its_own_row(cluster, pictures):
    flat(pictures[5].file, 1)
    flat(pictures[21].file, 2)
    pictures[30].file.write_bytes(b"no picture")
    found = on_cluster(pictures)
    assert [result.capture for result in found.results] == pictures
    failed = {n: r.reason for n, r in enumerate(found.results) if isinstance(r, Failed)}
    assert sorted(failed) == [5, 21, 30]
    assert failed[5] == "the reading process died"
    assert failed[21] == "the scoring process died"
    assert "the content is not JPEG" in failed[30]


@on_ray
@pytest.mark.parametrize(("model", "levels"), [("quick", (3, 4)), ("quick-small", (6,))])
def test_a_dead_process_is_replaced(cluster, pictures, model, levels):
    for level, place in zip(levels, (7, 22), strict=False):
        flat(pictures[place].file, level)
        (cluster.package / f"die-{level}").touch()
    found = on_cluster(pictures, model=model)
    assert not any(isinstance(result, Failed) for result in found.results)
    assert not list(cluster.package.glob("die-*"))


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """CAPTURES captures of forty scenes, each with other pixels."""
    folder, found = tmp_path_factory.mktemp("many"), []
    for n in range(CAPTURES):
        file = folder / f"{n}.png"
        red, rest = divmod(n, 250 * 250)
        picture = Image.new("RGB", (64, 48), (200, 30, 90))
        picture.paste((red, *divmod(rest, 250)), (0, 0, 32, 48))
        picture.save(file)
        found.append(Capture(str(file), file, f"scene {n % 40}", f"device {n // 40 % 20}"))
    return found


@on_ray
@both
def test_a_machine_lost_in_the_middle_costs_no_row(cluster, many, model):
    local = score_captures(many, replace(SETTINGS, model=model))
    node = cluster.add_node(num_cpus=2)
    cluster.wait_for_nodes()

    def lose_it(items, total, step):
        for number, item in enumerate(items):
            if step == "score" and number == total // 8:
                cluster.remove_node(node, allow_graceful=False)
            yield item

    found = on_cluster(many, lose_it, model=model)
    assert found.hardware["nodes"] == 2
    assert found.results == local.results
    assert not any(isinstance(result, Failed) for result in found.results)
    assert sorted(t.path for t in found.timings if t.stage == "score") == sorted(
        capture.path for capture in many
    )


@on_ray
def test_after_a_kill_of_the_driver_nothing_is_scored_twice(cluster, pictures, tmp_path):
    command = [
        sys.executable, "-m", "piqa_cli", "rank", str(tmp_path / "captures"), "--model", "quick",
        "--engine", "ray", "--ray-address", cluster.address, "--json", "-o", str(tmp_path / "run"),
    ]  # fmt: skip
    cache = Path(os.environ["PIQA_CACHE"])
    driver = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(1200):
        if (before := kept(cache)) >= 4 or driver.poll() is not None:
            break
        time.sleep(0.05)
    os.kill(driver.pid, signal.SIGKILL)
    driver.wait()
    before = kept(cache)
    assert before >= 4
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["counts"]["reused"] == before
    assert kept(cache) == 40
    shutil.rmtree(tmp_path / "run")


def kept(cache):
    """Scores in a cache; 0 while it is made."""
    for file in cache.glob("*.sqlite*"):
        try:
            with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
                return db.execute("SELECT count(*) FROM scores").fetchone()[0]
        except sqlite3.Error:
            continue
    return 0

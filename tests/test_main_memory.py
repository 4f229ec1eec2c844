"""The plan of a run's memory, and free memory by small trees of control groups."""

from __future__ import annotations

import pytest

from piqa_cli.main_memory import (
    WORKER_BYTES,
    free_memory_bytes,
    reserve_bytes,
    waiting_bytes,
    workers_that_fit,
)

GIB, MIB = 1 << 30, 1 << 20
V1 = "4:memory,hugetlb:/job/step\n3:cpu:/job\n"


@pytest.fixture
def root(tmp_path):
    """Makes a file system root on a machine with 8 GiB free: root({path: text})."""

    def make(files):
        meminfo = f"MemTotal: 16777216 kB\nMemAvailable: {8 << 20} kB\n"
        for name, text in ({"proc/meminfo": meminfo} | files).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return tmp_path

    return make


@pytest.mark.parametrize(
    ("workers", "free_gib", "waiting_mib", "reserve_mib"),
    [
        (1, 3, 384, 2048),
        (1, 24, 1024, 2688),
        (2, 24, 1024, 3328),
        (16, 3, 384, 11648),
        (16, 250, 2048, 13312),
        (64, 3, 384, 42368),
        (64, 250, 8192, 50176),
    ],
)
def test_the_reserve_grows_with_workers_and_views_with_memory(
    workers, free_gib, waiting_mib, reserve_mib
):
    assert waiting_bytes(workers, free_gib * GIB) == waiting_mib * MIB
    assert reserve_bytes(workers, free_gib * GIB) == reserve_mib * MIB


def test_views_may_always_wait_somewhere():
    assert waiting_bytes(1, 0) == 128 * MIB


@pytest.mark.parametrize(("free_gib", "workers"), [(0, 1), (3, 2), (8, 9), (24, 35), (250, 396)])
def test_workers_that_fit_leave_the_reserve_free(free_gib, workers):
    free = free_gib * GIB
    assert workers_that_fit(free) == workers
    if free_gib:
        assert workers * WORKER_BYTES + reserve_bytes(0, free) <= free


def test_without_groups_the_machine_counts(root):
    assert free_memory_bytes(root({})) == 8 * GIB


def test_groups_above_count_and_idle_pages_of_files_are_free(root):
    group = "sys/fs/cgroup/user.slice"
    files = {
        "proc/self/cgroup": "0::/user.slice/job.scope\n",
        f"{group}/job.scope/memory.max": "max\n",
        f"{group}/job.scope/memory.current": f"{2 * GIB}\n",
        f"{group}/memory.max": f"{6 * GIB}\n",
        f"{group}/memory.current": f"{5 * GIB}\n",
        f"{group}/memory.stat": f"anon 7\ninactive_file {3 * GIB}\nactive_file 9\n",
    }
    assert free_memory_bytes(root(files)) == 4 * GIB


@pytest.mark.parametrize("folder", ["job/step", "job", "."])
def test_groups_of_version_1(root, folder):
    place = f"sys/fs/cgroup/memory/{folder}"
    files = {
        "proc/self/cgroup": V1,
        f"{place}/memory.limit_in_bytes": f"{4 * GIB}\n",
        f"{place}/memory.usage_in_bytes": f"{3 * GIB}\n",
        f"{place}/memory.stat": f"inactive_file 5\ntotal_inactive_file {GIB}\n",
    }
    assert free_memory_bytes(root(files)) == 2 * GIB


def test_here_some_memory_is_free():
    assert free_memory_bytes() > 0

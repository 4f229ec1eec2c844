"""Processors are counted by affinity and control group; the groups are small trees made here."""

from __future__ import annotations

import os

import pytest

from piqa_cli.processors import available_processors

V1 = "11:memory:/job\n4:cpu,cpuacct:/job/step\n"


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Makes a file system root on a machine of 8 processors: root({path: text})."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)

    def make(files):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return tmp_path

    return make


@pytest.mark.parametrize(
    ("cpu_max", "count"),
    [("200000 100000", 2), ("150000 100000", 2), ("50000 100000", 1), ("max 100000", 8), ("", 8)],
)
def test_quota_of_version_2(root, cpu_max, count):
    files = {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": cpu_max + "\n"}
    assert available_processors(root(files)) == count


def test_the_narrowest_group_above_counts(root):
    files = {
        "proc/self/cgroup": "0::/user.slice/job.scope\n",
        "sys/fs/cgroup/user.slice/job.scope/cpu.max": "max 100000\n",
        "sys/fs/cgroup/user.slice/cpu.max": "300000 100000\n",
    }
    assert available_processors(root(files)) == 3


@pytest.mark.parametrize("folder", ["job/step", "job", "."])
@pytest.mark.parametrize("mount", ["cpu", "cpu,cpuacct"])
def test_quota_of_version_1(root, folder, mount):
    place = f"sys/fs/cgroup/{mount}/{folder}"
    files = {
        "proc/self/cgroup": V1,
        f"{place}/cpu.cfs_quota_us": "400000\n",
        f"{place}/cpu.cfs_period_us": "100000\n",
    }
    assert available_processors(root(files)) == 4


def test_no_quota_in_version_1_is_minus_one(root):
    files = {
        "proc/self/cgroup": V1,
        "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    }
    assert available_processors(root(files)) == 8


def test_the_processors_that_it_is_bound_to_count(root, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5}, raising=False)
    assert available_processors(root({})) == 2


def test_without_affinity_the_machine_counts(root, monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert available_processors(root({})) == 6


def test_here_there_is_at_least_one():
    assert 1 <= available_processors() <= (os.cpu_count() or 1)

"""The examples of docs/scale.md parse, and name options that there are."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

TEXT = (Path(__file__).parents[1] / "docs" / "scale.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
SHELL = [text for kind, text in BLOCKS if kind in ("bash", "sh")]


@pytest.mark.parametrize("script", SHELL)
def test_scripts_are_good_shell(script):
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_the_array_job_scores_every_shard(tmp_path):
    """The script runs as Slurm would run it, with a `piqa-cli` that prints its words."""
    (tmp_path / "piqa-cli").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "piqa-cli").chmod(0o755)
    (script,) = [text for text in SHELL if "--array=" in text]
    task = {"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "16", "SLURM_CPUS_PER_TASK": "8"}
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "USER": "lab", **task}
    done = subprocess.run(
        ["bash"], input=script, text=True, env=env, capture_output=True, check=True
    )
    assert done.stdout == "score /data/captures -o /data/parts/3 --shard 3/16\n"


def test_the_cluster_runs_the_engine():
    (text,) = [text for kind, text in BLOCKS if kind == "yaml"]
    job = yaml.safe_load(text)
    assert job["kind"] == "RayJob"
    assert job["spec"]["entrypoint"].endswith("--engine ray --ray-address auto")
    assert "OMP_NUM_THREADS" in yaml.safe_load(job["spec"]["runtimeEnvYAML"])["env_vars"]
    groups = job["spec"]["rayClusterSpec"]
    head, (workers,) = groups["headGroupSpec"], groups["workerGroupSpecs"]
    assert head["template"] == workers["template"]


def test_every_option_of_the_examples_is_one(piqa):
    helps = {name: piqa(name, "--help").stdout for name in ("rank", "score")}
    for command in re.findall(r"piqa-cli (?:rank|score) .*(?:\\\n.*)?", TEXT):
        for option in re.findall(r"--[a-z-]+", command):
            assert option in helps[command.split()[1]], command

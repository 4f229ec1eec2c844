"""docs/extending.md is tried: its examples, applied to a copy of the package, do what it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
PATH = re.compile(r"# ((?:piqa_cli|lab-exposure)/\S+)\n")
NEW = {found[1]: text[found.end() :] for _, text in BLOCKS if (found := PATH.match(text))}
SCRIPTS = [text for kind, text in BLOCKS if kind == "python" and not PATH.match(text)]
DIFFS = [text.splitlines() for kind, text in BLOCKS if kind == "diff"]


def with_additions(lines, diff):
    """A file's lines with those that a diff adds, each below the line above it there."""
    place, added = 0, []
    for line in diff:
        if line.startswith("+"):
            added.append(line[1:])
            continue
        found = lines.index(line[1:], place)
        at = place or found  # above the first lines of a diff nothing stands
        lines[at:at] = added
        place, added = found + len(added) + 1, []
    lines[place:place] = added
    return lines


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    """A copy of the package with every example, and `piqa_cli` called in it."""
    root = tmp_path_factory.mktemp("extended")
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "piqa_cli", root / "piqa_cli", ignore=skipped)
    (root / "templates").symlink_to(ROOT / "templates")
    for name, text in NEW.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    for head, *diff in DIFFS:
        file = root / head.removeprefix("--- ")
        lines = with_additions(file.read_text(encoding="utf-8").splitlines(), diff)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for script in SCRIPTS:
        python(root, "-c", script)
    install(root / "lab-exposure", root)
    return root


def install(package, folder):
    """Puts a package where Python finds it, as pip does: its modules and what is known of it."""
    facts = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shutil.copytree(package / "lab_exposure", folder / "lab_exposure")
    info = folder / f"lab_exposure-{facts['version']}.dist-info"
    info.mkdir()
    about = f"Metadata-Version: 2.1\nName: {facts['name']}\nVersion: {facts['version']}\n"
    (info / "METADATA").write_text(about)
    lines = [
        line
        for group, entries in facts["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in entries.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines))


def python(root, *arguments, code=0):
    env = {name: value for name, value in os.environ.items() if not name.startswith("PIQA_")}
    env |= {"PYTHONPATH": str(root), "PIQA_CACHE": str(root / "cache"), "OMP_NUM_THREADS": "1"}
    line = [sys.executable, *map(str, arguments)]
    done = subprocess.run(line, cwd=root, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def ranked(extended):
    """A run of the new model over captures in the new format, with the new gate."""
    for scene in ("Bar", "Park"):
        for device, spread in (("Aster", 40), ("Birch", 90)):
            folder = extended / "captures" / scene / device
            folder.mkdir(parents=True)
            for take in (1, 2):
                noise = Image.effect_noise((96, 80), spread + 9 * take).convert("RGB")
                noise.save(folder / f"{take}.ppm")
    (extended / "piqa.toml").write_text("[gates]\nmax_take_sd = 0.001\n")
    rank = ("-m", "piqa_cli", "rank", "captures", "-o", "run", "--model", "edges", "--json")
    return json.loads(python(extended, *rank, code=6)), extended / "run"


def rows_of(run):
    return pq.read_table(run / "captures.parquet").to_pylist()


def test_a_model_scores_and_explains(extended, ranked):
    rows = rows_of(ranked[1])
    assert {(row["status"], row["model"]) for row in rows} == {("ok", "edges")}
    assert [row["score"] for row in rows] == [row["edge_contrast"] / 2 for row in rows]
    by_device = {row["device"]: row["score"] for row in rows}
    assert by_device["Birch"] > by_device["Aster"] > 0
    code = "import piqa_cli; m = piqa_cli.load_model('edges'); print(m.score('{}').score)"
    alone = float(python(extended, "-c", code.format(f"captures/{rows[0]['path']}")))
    assert alone == rows[0]["score"]


def test_a_model_of_another_package_scores_beside_the_others(extended, ranked):
    listed = python(extended, "-m", "piqa_cli", "models", "--json")
    names = [row["name"] for row in json.loads(listed)["models"]]
    assert names[-1] == "lab-exposure"
    models = ("--model", "edges", "--model", "lab-exposure")
    rank = ("-m", "piqa_cli", "rank", "captures", "-o", "two", *models, "--json")
    assert json.loads(python(extended, *rank, code=6))["further_models"][0]["ok"] == 8
    own = rows_of(extended / "two" / "models" / "lab-exposure")
    beside = [row["score_lab_exposure"] for row in rows_of(extended / "two")]
    assert [row["score"] for row in own] == beside
    assert [row["score"] for row in own] == pytest.approx([1 - row["clipped"] for row in own])
    field = pq.read_schema(extended / "two/models/lab-exposure/captures.parquet").field("clipped")
    assert field.metadata[b"meaning"] == b"share of pixels at a limit"


def test_a_run_stays_readable_where_its_package_is_gone(extended, ranked, tmp_path):
    shutil.copytree(extended / "piqa_cli", tmp_path / "piqa_cli")
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    run = extended / "alone"
    rank = ("rank", "captures", "-o", "alone", "--model", "lab-exposure", "--quiet")
    python(extended, "-m", "piqa_cli", *rank, code=6)
    code = "import sys, piqa_cli; print(piqa_cli.open_run(sys.argv[1]).tables.captures[0].more)"
    assert "'clipped': " in python(tmp_path, "-c", code, run)
    assert "index.html" in python(tmp_path, "-m", "piqa_cli", "report", run)


def test_a_format_is_read(ranked):
    assert {(row["path"][-4:], row["format"]) for row in rows_of(ranked[1])} == {(".ppm", "ppm")}


def test_a_column_is_in_the_table_and_older_runs_stay_readable(extended, ranked):
    assert {row["megapixels"] for row in rows_of(ranked[1])} == {96 * 80 / 1e6}
    field = pq.read_schema(ranked[1] / "captures.parquet").field("megapixels")
    assert field.metadata[b"unit"] == b"MP"
    code = (
        "import sys, piqa_cli; more = [r.more for r in piqa_cli.open_run(sys.argv[1]).tables"
        ".captures]; print(sum('megapixels' in one for one in more), len(more))"
    )
    old = ROOT / "tests" / "data" / "schema-1" / "model"
    assert python(extended, "-c", code, old).split() == ["0", str(len(rows_of(old)))]
    assert python(extended, "-c", code, ranked[1]).split() == ["8", "8"]
    shutil.copytree(old, extended / "old")
    assert "index.html" in python(extended, "-m", "piqa_cli", "report", "old")


def test_a_gate_is_judged(ranked):
    failed = [gate for gate in ranked[0]["gates"] if gate["name"] == "max_take_sd"]
    assert {gate["passed"] for gate in failed} == {False}
    assert {gate["device"] for gate in failed} == {"Aster", "Birch"}
    assert re.search(r"varies by \d+\.\d\d between takes, limit 0\.001$", failed[0]["text"])


def test_the_table_names_every_file_that_the_examples_touch():
    touched = {head.removeprefix("--- piqa_cli/") for head, *_ in DIFFS}
    table = [line for line in DOCUMENT.splitlines() if line.startswith("| a ")]
    assert {name for name in touched if f"`{name}`" not in "\n".join(table)} == {"runs/tables.py"}
    assert set(NEW) == {
        *(f"piqa_cli/models/edges/{name}.py" for name in ("__init__", "network", "spec")),
        "piqa_cli/formats/ppm.py",
        *(f"lab-exposure/lab_exposure/{name}.py" for name in ("__init__", "network", "spec")),
        "lab-exposure/pyproject.toml",
    }


def test_the_examples_are_written_as_the_package_is(extended):
    ruff = shutil.which("ruff") or Path(sys.executable).with_name("ruff")
    files = [extended / name for name in NEW if name.endswith(".py")] + [
        extended / head[4:] for head, *_ in DIFFS
    ]
    settings = ["--no-cache", "--config", ROOT / "pyproject.toml"]
    for command in (["check"], ["format", "--check"]):
        line = [ruff, *command, *settings, *files]
        done = subprocess.run(line, cwd=extended, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout

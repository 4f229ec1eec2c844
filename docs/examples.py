"""Examples of the documents that take several commands: each is made and printed for real.

`docs/refresh.py` puts them into the documents. Files that an example needs stand in the document
itself, in the code blocks before it, and are taken from there.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import chdir
from pathlib import Path

from typer.testing import CliRunner

from piqa_cli.cli.main import app

SAMPLES = "sample_sets/portraits-mini"
FIRST_LINES = 5  # of a comparison, as the README shows it


def compare_example(folder: Path, docs: Path) -> list[str]:
    """Yesterday against today, where one phone blurs a little: commands and all that they print."""
    script = _blocks(docs / "compare.md", "python")[0]
    if not (folder / "today").exists():
        subprocess.run([sys.executable, "-c", script], cwd=folder, check=True)
        _run(folder, f"rank {SAMPLES} -o yesterday -q")
        _run(folder, "rank captures-today -o today -q")
    return [
        f"$ piqa-cli rank {SAMPLES} -o yesterday -q",
        "$ piqa-cli rank captures-today -o today -q",
        "$ piqa-cli compare yesterday today",
        *_run(folder, "compare yesterday today").stdout.splitlines(),
    ]


def compare_short_example(folder: Path, docs: Path) -> list[str]:
    """The beginning of the same comparison."""
    return [*compare_example(folder, docs)[2 : 3 + FIRST_LINES], "..."]


def gates_example(folder: Path, docs: Path) -> list[str]:
    """A run with the gates of the document, and its exit code."""
    blocks = _blocks(docs / "settings.md", "toml")
    settings = next(
        text for text in blocks if text.startswith('reference = "kestrin-k2"\n\n[gates]')
    )
    (folder / "gates.toml").write_text(settings)
    done = _run(folder, f"--config gates.toml rank {SAMPLES} -o gated", fails=True)
    printed = re.sub(r" \(\d+ known already\)", "", done.stdout).splitlines()
    kept = [line for line in printed if re.match(r"\d+ captures|gates ", line)]
    return [
        f"$ piqa-cli rank {SAMPLES}",
        *("...", *kept, "..."),
        *done.stderr.splitlines(),
        "$ echo $?",
        str(done.returncode),
    ]


def history_example(folder: Path, _docs: Path) -> list[str]:
    """Three nights, the last one without a device."""
    runs = folder / "runs"
    if not runs.exists():
        for day, options in enumerate(("", "", " --exclude device=halmeva-30"), start=1):
            _run(folder, f"rank {SAMPLES} -o runs/2026-01-0{day} -q{options}")
            _date(runs / f"2026-01-0{day}" / "run.json", f"2026-01-0{day}T01:00:00Z")
    command = "history kestrin-k2 runs -o trend.svg"
    return [f"$ piqa-cli {command}", *_run(folder, command).stdout.splitlines()]


EXAMPLES: dict[str, Callable[[Path, Path], list[str]]] = {
    "compare": compare_example,
    "compare-short": compare_short_example,
    "gates": gates_example,
    "history": history_example,
}


def _blocks(document: Path, language: str) -> Sequence[str]:
    text = document.read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def _date(run_json: Path, started_at: str) -> None:
    """Sets the start of a run, so that the example is the same every day."""
    facts = json.loads(run_json.read_text(encoding="utf-8"))
    facts["provenance"]["started_at"] = started_at
    run_json.write_text(json.dumps(facts), encoding="utf-8")


def run_command(
    folder: Path, command: str, *, fails: bool = False
) -> subprocess.CompletedProcess[str]:
    """Runs piqa-cli in a folder that holds its cache, too; in this process, which has torch."""
    with chdir(folder):
        done = CliRunner(env={"PIQA_CACHE": f"{folder}/cache"}).invoke(app, command.split())
    result = subprocess.CompletedProcess(command, done.exit_code, done.stdout, done.stderr)
    if not fails:
        result.check_returncode()
    return result


def _run(folder: Path, command: str, *, fails: bool = False) -> subprocess.CompletedProcess[str]:
    done = run_command(folder, command, fails=fails)
    shutil.rmtree(folder / "piqa-compare", ignore_errors=True)
    return done

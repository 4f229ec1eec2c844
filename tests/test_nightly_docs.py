"""docs/nightly.md is tried, not only written: every block is run, or at least parsed."""

import ast
import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = (ROOT / "docs" / "nightly.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
LAB = "/srv/lab"
DAY = "????-??-??"


def blocks(kind):
    found = [text for name, text in BLOCKS if name == kind]
    assert found, kind
    return found


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A lab after its first night: captures, and `piqa-cli` where its scripts look for it."""
    lab = tmp_path_factory.mktemp("lab")
    names = {"kestrin-k2": 0, "orvane-5": 24}
    for scene in ("Bar", "Park"):
        for device, blur in names.items():
            folder = lab / "captures" / scene / device
            folder.mkdir(parents=True)
            noise = Image.effect_noise((128, 96), 60 + blur + len(scene)).convert("RGB")
            noise.save(folder / "1.png")
    (lab / ".venv" / "bin").mkdir(parents=True)
    program = lab / ".venv" / "bin" / "piqa-cli"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m piqa_cli "$@"\n')
    program.chmod(0o755)
    shell(lab, blocks("sh")[0])
    return lab


def shell(lab, script, code=0, program="sh"):
    """Runs a script in the lab, with as little environment as cron gives."""
    env = {
        "PATH": f"{lab}/.venv/bin:/usr/bin:/bin",
        "HOME": str(lab),
        "PIQA_CACHE": str(lab / "cache"),
        "OMP_NUM_THREADS": "1",
    }
    script = script.replace(LAB, str(lab))
    done = subprocess.run(
        [program, "-c", script], cwd=lab, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def test_the_first_line_leaves_what_the_document_says(lab):
    (run,) = lab.glob(f"runs/{DAY}")
    assert (lab / "runs" / "latest").resolve() == run
    assert (run / "report" / "index.html").is_file()
    (log,) = (lab / "logs").iterdir()
    assert log.name == f"{run.name}.jsonl"


def test_the_log_is_read_as_shown(lab):
    code, _dag = blocks("py")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=lab, capture_output=True, text=True, check=True
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\d finish 0 \{'ok': 4, .*\}\n", done.stdout)


def test_the_settings_are_settings(lab, tmp_path):
    (tmp_path / "piqa.toml").write_text(blocks("toml")[0])
    shown = shell(lab, f"cd {tmp_path} && piqa-cli config show").stdout
    for value in ("runs/{date}", "logs/{date}.jsonl", "orvane-5", "max_failed_captures"):
        assert value in shown
    assert "expect  devices: kestrin-k2, orvane-5" in shown
    assert "max_missing_devices 0 (error)" in shown


def test_every_shell_block_is_sound():
    for script in [*blocks("sh"), *bash_commands(), *(step for step in run_steps())]:
        for program in ("bash", "sh"):
            subprocess.run([program, "-n", "-c", script], check=True)


def test_the_script_compares_with_the_night_before(lab):
    (run,) = lab.glob(f"runs/{DAY}")
    shutil.move(run, lab / "runs" / "2020-01-01")
    (lab / "runs" / "latest").unlink()
    (lab / "runs" / "latest").symlink_to("2020-01-01")
    done = shell(lab, blocks("sh")[1])
    assert (done.stdout, done.stderr) == ("", "")
    assert (lab / "changes" / "run.json").is_file() or any((lab / "changes").glob("*.json"))
    assert (lab / "trends" / "kestrin-k2.svg").read_text().startswith("<svg")
    assert len(list(lab.glob(f"runs/{DAY}"))) == 2


def test_history_as_shown(lab):
    done = shell(lab, blocks("sh")[2])
    assert "kestrin-k2" in done.stdout
    assert (lab / "trends" / "kestrin-k2.html").is_file()
    assert (lab / "kestrin-k2.csv").read_text().startswith("device,reference,")


def test_nights_are_kept_as_shown(lab):
    first, second, third = shell(lab, blocks("sh")[3]).stdout.splitlines()
    nights = len(list(lab.glob(f"runs/{DAY}")))
    assert first == f"would free 0 B: pictures and report of 0 runs; {nights} runs kept as they are"
    assert second == first.replace("would free", "freed")
    assert third == f"freed 0 B: 0 whole runs; {nights} runs kept as they are"


def test_duckdb_reads_the_runs(lab, monkeypatch):
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(lab)
    nights = len(list(lab.glob(f"runs/{DAY}")))
    scores, gaps, timings = (duckdb.sql(query).fetchall() for query in blocks("sql"))
    assert [row[1] for row in scores] == ["kestrin-k2"] * nights + ["orvane-5"] * nights
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", scores[0][0])
    assert len(gaps) == nights
    assert gaps[0][1] == pytest.approx(scores[0][2] - scores[nights][2], abs=0.011)
    assert isinstance(timings, list)


def test_the_crontab_names_a_time_and_the_script():
    *settings, line = blocks("crontab")[0].splitlines()
    assert all(re.fullmatch(r"[A-Z]+=\S+", setting) for setting in settings)
    assert re.fullmatch(r"\d+ \d+ \* \* \* /srv/lab/nightly.sh", line)
    assert "%" not in line  # cron would end the line there


def test_the_units_are_units(tmp_path):
    service, timer = blocks("ini")
    for name, text in (("service", service), ("timer", timer)):
        parsed = configparser.ConfigParser(interpolation=None)
        parsed.optionxform = str
        parsed.read_string(text)
        assert "Unit" in parsed
        here = text.replace("/bin/sh /srv/lab/nightly.sh", "/bin/true").replace("User=lab\n", "")
        (tmp_path / f"piqa-nightly.{name}").write_text(here)
    if shutil.which("systemd-analyze") is None:
        return
    units = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )
    assert "piqa-nightly" not in done.stderr, done.stderr


def run_steps():
    flow = yaml.safe_load(blocks("yaml")[0])
    return [step["run"] for step in flow["jobs"]["rank"]["steps"] if "run" in step]


def bash_commands():
    """Commands that the Airflow file hands to the shell; the file itself must compile."""
    tree = ast.parse(blocks("py")[1])
    return [
        keyword.value.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "bash_command"
    ]


def test_no_example_takes_5_for_success():
    service, _timer = blocks("ini")
    scripts = [service, *blocks("sh"), *bash_commands(), *run_steps()]
    assert [text for text in scripts if re.search(r"SuccessExitStatus|-eq 5", text)] == []


def test_the_workflow_runs_every_night():
    flow = yaml.safe_load(blocks("yaml")[0])
    assert flow[True]["schedule"] == [{"cron": "0 2 * * *"}]  # YAML 1.1 reads `on` as true


@pytest.mark.parametrize("program", ["bash", "sh"])
def test_commands_of_actions_and_airflow_report_failed_captures(lab, program):
    """Actions adds `-e`; without a gate on failed captures exit code 5 is no success."""
    bad = lab / "captures" / "Bar" / "orvane-5" / "bad.jpg"
    bad.write_text("no picture")
    try:
        scripts = run_steps() if program == "bash" else bash_commands()
        for script in scripts:
            script = f"set -e\n{script}" if program == "bash" else script
            shell(lab, script, code=5, program=program)
    finally:
        bad.unlink()

"""Nothing but `weights pull` opens a connection: the commands work where sockets are forbidden.

`sitecustomize`, which Python runs in every process as it starts, also in those that decode, makes
every socket raise. Only those between processes of one machine (AF_UNIX) stay.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.no_network
ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_sets" / "portraits-mini" / "studio"

GUARD = """
import os, socket, sys

FORBIDDEN = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr",
             "socket.getnameinfo", "urllib.Request", "http.client.connect", "ftplib.connect"}

def forbid(event, args):
    is_socket = event == "socket.__new__" and args[1] != socket.AF_UNIX
    if is_socket or event in FORBIDDEN:
        raise RuntimeError(f"the guard forbids {event} {args[1:]}")

sys.addaudithook(forbid)
open(os.path.join(os.environ["GUARDED"], str(os.getpid())), "w").close()
"""

# One process for all commands: torch takes seconds to import.
CALLS = """
import json, sys
from typer.testing import CliRunner
from piqa_cli.cli.main import app

results = {}
for name, words in json.loads(sys.argv[1]).items():
    done = CliRunner().invoke(app, words)
    results[name] = {"code": done.exit_code, "error": repr(done.exception), "out": done.output}
print(json.dumps(results))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("offline")
    for scene in ("one", "two"):
        for device in ("kestrin-k2", "orvane-5"):
            (folder / "captures" / scene / device).mkdir(parents=True)
            file = sorted((SAMPLES / device).iterdir())[0]
            (folder / "captures" / scene / device / file.name).symlink_to(file)
    (folder / "guard").mkdir()
    (folder / "guard" / "sitecustomize.py").write_text(GUARD)
    (folder / "guarded").mkdir()
    return folder


def guarded(place, *command):
    """Runs Python where no socket can be made."""
    paths = [str(place / "guard"), str(ROOT)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIQA_")}
    env = kept | {
        "PYTHONPATH": os.pathsep.join(paths),
        "GUARDED": str(place / "guarded"),
        "PIQA_CACHE": str(place / "cache"),
        "PIQA_WEIGHTS": str(place / "weights"),
    }
    return subprocess.run(
        [sys.executable, *command], cwd=place, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def results(place):
    """Exit codes of all commands, run one after the other in one process."""
    picture = sorted((place / "captures" / "one").glob("*/*"))[0]
    calls = {
        "scan": ["scan", "captures"],
        "models": ["models"],
        "rank": ["rank", "captures", "-o", "run", "--workers", "2", "--quiet"],
        "score": ["score", str(picture), "--fresh"],
        "report": ["report", "run"],
        "compare": ["compare", "run", "run", "-o", "difference"],
        "history": ["history", "kestrin-k2", "run"],
        "doctor": ["doctor"],
        "verify": ["weights", "verify"],
        "pull": ["weights", "pull", "dn-piqa", "--weights-url", "https://lab.example"],
    }
    done = guarded(place, "-c", CALLS, json.dumps(calls))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "command", "scan models rank score report compare history doctor verify".split()
)
def test_works_without_sockets(results, command):
    assert results[command]["code"] == 0, results[command]


def test_the_guard_forbids_what_pull_needs(results):
    done = results["pull"]
    assert done["code"] == 1
    assert "the guard forbids urllib.Request" in done["error"]


def test_the_decode_processes_were_guarded_too(results, place):
    assert len(list((place / "guarded").iterdir())) >= 3


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_the_guard_forbids_sockets(place, family):
    done = guarded(place, "-c", f"import socket; socket.socket(socket.{family})")
    assert "the guard forbids socket.__new__" in done.stderr


def test_the_guard_forbids_looking_up_names(place):
    done = guarded(place, "-c", "import socket; socket.getaddrinfo('localhost', 80)")
    assert "the guard forbids socket.getaddrinfo" in done.stderr

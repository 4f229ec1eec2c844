"""Small real things that many tests share."""

import itertools
import os
import shutil
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from piqa_cli.cli.main import app
from piqa_cli.resources import cache_file

TESTS = Path(__file__).parent


def pytest_configure():
    """One thread a process, of those that tests start, too: they share the cores as it is."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_modifyitems(config, items):
    """Whole runs and trainings first: they take longest, and all processes should end together."""
    if not hasattr(config, "workerinput"):  # one process ends when it ends
        return

    def is_short(item):
        room = item.path.relative_to(TESTS).parts[0]
        return not room.startswith(("test_", "train"))

    items.sort(key=is_short)


@pytest.fixture(autouse=True, scope="session")
def ears_for_ctrl_c():
    """A shell's background jobs ignore Ctrl-C; the tests of it must hear it there, too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def homes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def own_folders(homes, monkeypatch):
    """No test reads or writes the user's cache, weights or settings."""
    set_apart(monkeypatch, next(homes))


def set_apart(monkeypatch, home):
    for name in [name for name in os.environ if name.startswith("PIQA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIQA_CACHE", str(home / "cache"))
    monkeypatch.setenv("PIQA_WEIGHTS", str(home / "weights"))


def coloured_noise(seed, size=(96, 128), smooth=0):
    rng = np.random.default_rng(seed)
    coarse = rng.integers(40, 216, (size[0] // 8, size[1] // 8, 3), dtype=np.uint8)
    pixels = coarse.repeat(8, axis=0).repeat(8, axis=1).astype(np.int16)
    pixels += rng.integers(-20 + smooth, 21 - smooth, pixels.shape, dtype=np.int16)
    return np.clip(pixels, 0, 255).astype(np.uint8)


@pytest.fixture
def texture():
    """Makes (H, W, 3) uint8 pixels of coloured noise blocks: texture(seed, size=, smooth=)."""
    return coloured_noise


def draw_captures(root):
    for s, scene in enumerate(("Bar", "Park")):
        for d, device in enumerate(("Aster", "Birch")):
            folder = root / scene / device
            folder.mkdir(parents=True)
            for take in (1, 2):
                pixels = coloured_noise(100 * s + take, smooth=12 * d)
                Image.fromarray(pixels).save(folder / f"take_{take}.png")
    return root


@pytest.fixture
def captures(tmp_path):
    """2 scenes x 2 devices x 2 takes of small pictures without faces."""
    return draw_captures(tmp_path / "captures")


@pytest.fixture(scope="session")
def scored_once(tmp_path_factory):
    """A cache with the scores of `captures`."""
    home = tmp_path_factory.mktemp("scored_once")
    words = ["rank", draw_captures(home / "captures"), "-o", home / "run", "--pictures", "none"]
    with pytest.MonkeyPatch.context() as patch:
        set_apart(patch, home)
        done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return home / "cache"


@pytest.fixture
def known(own_folders, scored_once):
    """For tests of what follows the scores: those of `captures` are in the cache already."""
    shutil.copytree(scored_once, cache_file().parent)


@pytest.fixture(scope="session")
def quick_folder(tmp_path_factory):
    from tests.quick_model import install_quick

    folder = tmp_path_factory.mktemp("quick")
    install_quick(folder)
    return folder


@pytest.fixture
def quick(quick_folder, monkeypatch):
    """Words that choose a model which scores at once, in processes that a test starts, too."""
    monkeypatch.syspath_prepend(quick_folder)
    monkeypatch.setenv("PYTHONPATH", f"{quick_folder}{os.pathsep}{TESTS.parent}")
    yield ("--model", "quick")
    sys.modules.pop("quick_model_of_tests", None)


@pytest.fixture
def piqa():
    """Calls the command line: piqa("rank", folder) has exit_code, stdout and stderr."""

    def call(*args):
        return CliRunner().invoke(app, [str(arg) for arg in args])

    return call


@pytest.fixture(scope="session")
def s3_server():
    """Address of an S3 server in this process."""
    pytest.importorskip("moto", reason="S3 is tested against moto's server")
    pytest.importorskip("flask_cors")
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def one_thread():
    """A score of another number of threads differs in its seventh digit."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)

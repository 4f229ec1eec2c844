"""Small real things that many tests share."""

import os
import signal

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from piqa_cli.cli.main import app


def pytest_configure():
    """One thread a process, of those that tests start, too: they share the cores as it is."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True, scope="session")
def ears_for_ctrl_c():
    """A shell's background jobs ignore Ctrl-C; the tests of it must hear it there, too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory, monkeypatch):
    """No test reads or writes the user's cache, weights or settings."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("PIQA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIQA_CACHE", str(home / "cache"))
    monkeypatch.setenv("PIQA_WEIGHTS", str(home / "weights"))


@pytest.fixture
def texture():
    """Makes (H, W, 3) uint8 pixels of coloured noise blocks: texture(seed, size=, smooth=)."""

    def make(seed, size=(96, 128), smooth=0):
        rng = np.random.default_rng(seed)
        coarse = rng.integers(40, 216, (size[0] // 8, size[1] // 8, 3), dtype=np.uint8)
        pixels = coarse.repeat(8, axis=0).repeat(8, axis=1).astype(np.int16)
        pixels += rng.integers(-20 + smooth, 21 - smooth, pixels.shape, dtype=np.int16)
        return np.clip(pixels, 0, 255).astype(np.uint8)

    return make


@pytest.fixture
def captures(tmp_path, texture):
    """2 scenes x 2 devices x 2 takes of small pictures without faces."""
    root = tmp_path / "captures"
    for s, scene in enumerate(("Bar", "Park")):
        for d, device in enumerate(("Aster", "Birch")):
            folder = root / scene / device
            folder.mkdir(parents=True)
            for take in (1, 2):
                pixels = texture(100 * s + take, smooth=12 * d)
                Image.fromarray(pixels).save(folder / f"take_{take}.png")
    return root


@pytest.fixture
def piqa():
    """Calls the command line: piqa("rank", folder) has exit_code, stdout and stderr."""

    def call(*args):
        return CliRunner().invoke(app, [str(arg) for arg in args])

    return call


@pytest.fixture
def one_thread():
    """A score of another number of threads differs in its seventh digit."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)

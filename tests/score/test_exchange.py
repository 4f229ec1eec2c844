import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from piqa_cli.score.exchange import drop_folder, exchange_folder, pack

LARGE = {
    "pixels": np.arange(600 * 500, dtype=np.uint8).reshape(1, 600, 500),
    "scale": np.array([0.5, 2.0]),
    "turned": np.arange(12, dtype=np.float32).reshape(3, 4).T,
    "none": np.zeros((0, 3), np.int64),
}


def same(found, arrays):
    return list(found) == list(arrays) and all(
        (found[name].dtype, found[name].tolist()) == (array.dtype, array.tolist())
        for name, array in arrays.items()
    )


def test_large_arrays_go_through_a_file_that_is_gone_once_they_are_taken(tmp_path):
    parcel = pack(LARGE, tmp_path)
    assert parcel.arrays is None
    assert same(parcel.unpack(), LARGE)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileNotFoundError):
        parcel.unpack()


def test_small_arrays_make_no_file(tmp_path):
    small = {"scale": LARGE["scale"]}
    assert same(pack(small, tmp_path).unpack(), small)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", [None, "missing"])
def test_without_room_in_shared_memory_arrays_go_as_they_are(tmp_path, folder):
    assert same(pack(LARGE, folder and tmp_path / folder).unpack(), LARGE)


def test_a_dropped_folder_takes_along_what_nobody_took():
    folder = exchange_folder()
    if folder is None:
        pytest.skip("no shared memory here")
    pack(LARGE, folder)
    drop_folder(folder)
    assert not folder.exists()
    drop_folder(None)


def test_a_folder_whose_process_was_killed_is_removed_by_the_next_one_and_a_living_one_stays():
    own = exchange_folder()
    if own is None:
        pytest.skip("no shared memory here")
    code = (
        "import os; from piqa_cli.score.exchange import exchange_folder\n"
        "print(exchange_folder(), flush=True); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    left = Path(killed.stdout.strip())
    assert left.is_dir()
    another = exchange_folder()
    assert not left.exists()
    assert own.is_dir()
    drop_folder(own)
    drop_folder(another)

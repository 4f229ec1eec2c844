"""A run is read while another process swaps its set: the reader sees one whole set or the other."""

import subprocess
import sys
import time

from piqa_cli.runs.table_set import load_run

SWAPPER = """
import sys, itertools
from pathlib import Path
from piqa_cli.runs.table_set import RUN_JSON, load_run, replace_set
from piqa_cli.schema import TABLES
folder, other = Path(sys.argv[1]), Path(sys.argv[2])
names = [f"{name}.parquet" for name in TABLES]
sets = [{name: (place / name).read_bytes() for name in names} for place in (folder, other)]
infos = [load_run(place).info for place in (folder, other)]
facts = [{k: v for k, v in info.items() if k not in ("kind", "files")} for info in infos]
print("ready", flush=True)
for number in itertools.count():
    replace_set(folder, sets[number % 2], facts[number % 2])
"""


def test_a_reader_never_sees_half_a_set(make_run):
    folder, other = make_run("one"), make_run("two", device_ranks=[], scene_ranks=[])
    swapper = subprocess.Popen(
        [sys.executable, "-c", SWAPPER, folder, other], stdout=subprocess.PIPE, text=True
    )
    try:
        assert swapper.stdout.readline() == "ready\n"
        seen, end = set(), time.monotonic() + 3
        while time.monotonic() < end:
            tables = load_run(folder).tables
            seen.add((len(tables.device_ranks), len(tables.scene_ranks)))
    finally:
        swapper.kill()
        swapper.communicate()
    assert len(seen) == 2  # both sets, and nothing between
    assert (0, 0) in seen

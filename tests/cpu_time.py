"""CPU time of programs, measured by that of a known one: other work on the machine slows both."""

import resource
import subprocess
import sys

_LIBRARIES = "import numpy, scipy.optimize, pyarrow.parquet, PIL.Image, jinja2"


def cpu_of(*words):
    """CPU seconds of Python with some words after it, and of the processes that it waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *map(str, words)], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cpu_of_imports():
    """CPU seconds of importing the libraries that a run without scoring needs: 0.6 or so."""
    return min(cpu_of("-c", _LIBRARIES) for _ in range(2))

"""Calls that decode processes run in tests; a module of its own, so that they can import it."""

import os
import signal
import sys
import threading
import time

from piqa_cli.errors import CaptureError


def own_pid():
    return os.getpid()


def double(number):
    return 2 * number


def refuse():
    raise CaptureError("read", "no picture")


def die():
    os._exit(9)


def hang():
    time.sleep(60)


def loaded_modules():
    import piqa_cli.score.worker  # noqa: F401

    return sorted(sys.modules)


def hang_and_say():
    print(os.getpid(), flush=True)
    time.sleep(60)


def hold_a_pool():
    """Prints the ids of two processes, one idle, one busy for long; waits to be killed."""
    from piqa_cli.score.readers import Readers

    with Readers(workers=2, timeout_s=60) as pool:
        pool.submit(hang_and_say)
        print(pool.result_of(pool.submit(own_pid)), flush=True)
        time.sleep(60)


def be_interrupted():
    """Starts processes that import for long; meanwhile Ctrl-C comes. Prints when that was told."""
    from piqa_cli.score.readers import Readers

    try:
        with Readers(workers=2, timeout_s=60) as pool:
            pool.share(["reader_jobs_slow"])
            threading.Timer(2, os.killpg, (0, signal.SIGINT)).start()
            start = time.monotonic()
            pool.submit(own_pid)
            time.sleep(30)
    except KeyboardInterrupt:
        print("told", "at once" if time.monotonic() - start < 5 else "late", flush=True)

"""Calls that decode processes run in tests; a module of its own, so that they can import it."""

import os
import sys
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

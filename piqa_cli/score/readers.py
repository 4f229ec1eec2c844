"""A pool of decode processes that survives a dead or hanging one (no torch here)."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, TimeoutError
from types import TracebackType
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from piqa_cli.errors import CaptureError
from piqa_cli.read.text import error_words

_TASKS_PER_PROCESS = 500
# A capture may wait behind others in the queue before its own time starts to run.
_PATIENCE = 3
_START_S = 60.0
_STEP_S = 0.25


def _end_with_parent() -> None:
    """Sees to it that a killed run leaves no process behind, not even one that hangs."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class Readers:
    """Decode processes; a capture that kills or hangs one costs that capture alone.

    Processes are spawned, not forked: the parent may hold threads of the networks.
    """

    def __init__(self, *, workers: int, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._stopped = False
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=_TASKS_PER_PROCESS,
            initializer=_end_with_parent,
            context=multiprocessing.get_context("spawn"),
        )

    def submit(self, function: Callable[..., Any], *args: Any, **named: Any) -> ProcessFuture:
        """Queues one call; `result_of` waits for it."""
        return self._pool.schedule(function, args=args, kwargs=named, timeout=self._timeout_s)

    def result_of(self, future: ProcessFuture) -> Any:
        """The call's result.

        Raises:
            CaptureError: the file can't be read, its process died or took too long.
        """
        try:
            return self._wait(future)
        except CaptureError:
            raise
        except TimeoutError:
            reason = f"reading took longer than {self._timeout_s:g} s"
        except (ProcessExpired, CancelledError) as error:
            reason = f"the reading process died ({error or 'stopped'})"
        except MemoryError:
            reason = "not enough memory to read it"
        except Exception as error:  # a broken pipe to the process, say: it costs this capture
            reason = f"the reading process failed ({type(error).__name__}: {error_words(error)})"
        raise CaptureError("read", reason) from None

    def _wait(self, future: ProcessFuture) -> Any:
        """Waits in short steps: a process that hangs must hold up neither `stop` nor the run."""
        deadline = time.monotonic() + _PATIENCE * self._timeout_s + _START_S
        while True:
            try:
                return future.result(timeout=_STEP_S)
            except TimeoutError:
                if future.done():
                    raise
                if self._stopped:
                    raise CancelledError from None
                if time.monotonic() > deadline:
                    future.cancel()
                    raise

    def stop(self) -> None:
        """Ends all processes; what waits for them is told at once that they died."""
        self._stopped = True
        self._pool.stop()

    def __enter__(self) -> Readers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Waits for the processes after a good run, ends them at once after a bad one."""
        if kind is None and not self._stopped:
            self._pool.close()
        else:
            self.stop()
        self._pool.join()

"""A pool of processes that read captures; it survives a dead or hanging one (no torch here)."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, TimeoutError
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from pathlib import Path
from types import TracebackType
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.read.text import error_words
from piqa_cli.score.exchange import drop_folder, exchange_folder

_TASKS_PER_PROCESS = 500
# A capture may wait behind others in the queue before its own time starts to run.
_PATIENCE = 3
_START_S = 60.0
_STEP_S = 0.25
_FIRST_IMPORT = "piqa_cli.score.dies_of_ctrl_c"


def _begin(environment: Mapping[str, str], exchange: Path | None) -> None:
    """Starts a process of a run.

    A killed run leaves no process behind, not even one that hangs, and nothing in shared memory.
    A server that forks processes may be older than a change of the run's environment.
    """
    os.environ.clear()
    os.environ.update(environment)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            drop_folder(exchange)
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class Readers:
    """Processes that read captures; a capture that kills or hangs one costs that capture alone.

    Processes are spawned, or forked from a clean server, never from this process: it may hold
    threads of the networks.
    """

    def __init__(self, *, workers: int, timeout_s: float) -> None:
        self._workers = workers
        self._timeout_s = timeout_s
        self._stopped = False
        self._shares = False
        self._exchange: Path | None = None
        self._pool = self._new_pool(multiprocessing.get_context("spawn"))

    def _new_pool(self, context: BaseContext) -> ProcessPool:
        return ProcessPool(
            max_workers=self._workers,
            max_tasks=_TASKS_PER_PROCESS,
            initializer=_begin,
            initargs=(dict(os.environ), self._exchange),
            context=context,
        )

    def share(self, modules: Sequence[str]) -> Path | None:
        """Makes processes from now on share the import of modules, and a folder of shared memory.

        Waits for the calls that were queued before, not for the imports: a server does them, which
        the processes are forked from. Forking is safe on Linux only: elsewhere each process imports
        by itself. Only the first call counts.

        Returns:
            The folder, see `exchange_folder`.
        """
        if self._shares:
            return self._exchange
        self._shares, self._exchange = True, exchange_folder()
        if sys.platform == "linux":
            context: BaseContext = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload([_FIRST_IMPORT, *modules])
            forkserver.ensure_running()
        else:
            context = multiprocessing.get_context("spawn")
        self._pool.close()
        self._pool.join()
        self._pool = self._new_pool(context)
        return self._exchange

    def submit(self, function: Callable[..., Any], *args: Any, **named: Any) -> ProcessFuture:
        """Queues one call; `result_of` waits for it."""
        return self._pool.schedule(function, args=args, kwargs=named, timeout=self._timeout_s)

    def result_of(self, future: ProcessFuture) -> Any:
        """The call's result.

        Raises:
            CaptureError: the file can't be read, its process died or took too long.
            PiqaError: the call raised it.
        """
        try:
            return self._wait(future)
        except (CaptureError, PiqaError):
            raise
        except TimeoutError:
            reason = f"took longer than {self._timeout_s:g} s: --timeout allows more"
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

    def close(self) -> None:
        """Ends all processes, and removes what they left in shared memory."""
        self.stop()
        self._pool.join()
        drop_folder(self._exchange)

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
            self._pool.join()
        self.close()

"""Ctrl-C and SIGTERM wait for the end of a step, so that nothing learned is lost."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopper:
    """Notes a signal instead of dying of it; a second one has its usual effect.

    Args:
        patient: let no further signal have its effect either: torchrun passes on what the
            terminal has sent already.

    Attributes:
        asked: the signal that came first, if any.
    """

    def __init__(self, *, patient: bool = False) -> None:
        self.asked: signal.Signals | None = None
        self._patient = patient
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Stopper:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.getsignal(number) for number in _SIGNALS}
            for number in _SIGNALS:
                signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._restore()

    def obey(self) -> None:
        """Stops as the signal would have; as for Ctrl-C where another process was asked."""
        self._restore()
        if self.asked is not None:
            signal.raise_signal(self.asked)
        raise KeyboardInterrupt

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.asked = self.asked or signal.Signals(number)
        if not self._patient:
            self._restore()

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

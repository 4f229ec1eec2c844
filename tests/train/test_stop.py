from __future__ import annotations

import signal

import pytest

from piqa_cli.train.stop import Stopper


def test_a_signal_is_noted_and_obeyed_later():
    before = signal.getsignal(signal.SIGINT)
    with Stopper() as stopper:
        signal.raise_signal(signal.SIGINT)
        assert stopper.asked is signal.SIGINT
        with pytest.raises(KeyboardInterrupt):
            stopper.obey()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_does_not_wait():
    with Stopper():
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_under_torchrun_the_first_of_several_signals_counts():
    with Stopper(patient=True) as stopper:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        assert stopper.asked is signal.SIGINT


def test_where_another_process_was_asked_this_one_stops_too():
    with Stopper() as stopper, pytest.raises(KeyboardInterrupt):
        stopper.obey()

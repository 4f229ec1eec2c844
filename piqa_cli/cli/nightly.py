"""Unattended runs: folders and logs named by date, a log, the link `latest`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from piqa_cli import __version__
from piqa_cli.cli.ending import print_trouble
from piqa_cli.cli.gate_lines import outcome
from piqa_cli.cli.stopping import EXIT_INTERRUPTED, EXIT_TERMINATED, Terminated
from piqa_cli.cli.terminal import Progress
from piqa_cli.errors import PiqaError

if TYPE_CHECKING:
    from piqa_cli.records import Failed, FailedFolder, RunContent
    from piqa_cli.runs.log import Note
    from piqa_cli.score.progress import Step
    from piqa_cli.settings import RunSettings

LogFile = Annotated[
    Path | None,
    typer.Option(
        "--log-file",
        metavar="FILE",
        help="Append what happens as JSON lines; {date}, {time}, {model} as in --out.",
        readable=False,
    ),
]

_HEARTBEAT_S = 60.0
_EXIT_BUG = 1
_OF_A_DEVICE = (
    *("league", "ranked", "rank", "device", "firmware"),
    *("score", "ci_low", "ci_high"),
)


@dataclass(slots=True)
class Journal:
    """The log of one command, or none.

    Attributes:
        note: takes an event and its facts.
        logged: failed captures that are in the log already.
        facts: content of the last line besides the exit code.
    """

    note: Note
    logged: set[str] = field(default_factory=set)
    facts: dict[str, Any] = field(default_factory=dict)

    def start(self, settings: RunSettings) -> None:
        """Logs the settings of the command."""
        from piqa_cli.finish import plain_settings

        self.note(
            "start",
            version=__version__,
            command=list(settings.command),
            settings=plain_settings(settings),
        )

    def watch(self, progress: Progress) -> Progress:
        """A progress bar that notes failures as they come, and every minute how far it is."""

        def wrap(items: Iterator[Any], total: int, step: Step) -> Any:
            return progress(self._seen(items, total, step), total, step)

        return wrap

    def _seen(self, items: Iterator[Any], total: int, step: Step) -> Iterator[Any]:
        from piqa_cli.records import Failed

        beat = time.monotonic()
        for done, result in enumerate(items, start=1):
            if isinstance(result, Failed):
                self._failed(result)
            if time.monotonic() - beat >= _HEARTBEAT_S:
                beat = time.monotonic()
                self.note("progress", step=step, done=done, total=total)
            yield result

    def _failed(self, failed: Failed | FailedFolder) -> None:
        path = failed.path
        if path not in self.logged:
            self.logged.add(path)
            self.note("failed", path=path, stage=failed.stage, reason=failed.reason)

    def end(self, run: RunContent) -> None:
        """Notes the rest: failures that no progress saw, warnings, gates; keeps the result."""
        for failed in run.failed:
            self._failed(failed)
        for warning in run.open_warnings:
            self.note("warning", message=warning, acknowledged=False)
        for warning in run.acknowledged:
            self.note("warning", message=warning, acknowledged=True)
        for gate in run.gates:
            if not gate.passed:
                self.note(
                    "gate",
                    name=gate.name,
                    level=gate.level,
                    outcome=outcome(gate),
                    fails=gate.fails,
                    message=gate.text,
                )
        self.facts = {
            "out": str(run.out),
            "report": str(run.report),
            "model": run.findings.source.name,
            "counts": asdict(run.counts),
            "devices": [
                {name: getattr(row, name) for name in _OF_A_DEVICE}
                for row in run.ranking.devices
                if row.condition is None
            ],
        }


@contextmanager
def logged(file: Path | None) -> Iterator[Journal]:
    """A journal in a file; its last line has the exit code of the command.

    Raises:
        PiqaError: the log can't be written.
    """
    from piqa_cli.runs.log import RunLog, no_note

    if file is None:
        yield Journal(no_note)
        return
    log, start = RunLog(file), time.monotonic()
    journal = Journal(log.note)
    outcome: BaseException | None = None
    try:
        yield journal
    except BaseException as error:
        outcome = error
        raise
    finally:
        seconds = round(time.monotonic() - start, 3)
        log.note("finish", **journal.facts | _ending(outcome) | {"seconds": seconds})
        log.close()
        if log.trouble is not None:
            print_trouble(log.trouble)


def _ending(outcome: BaseException | None) -> dict[str, Any]:
    """The exit code of an outcome, and the error in words."""
    match outcome:
        case None:
            return {"exit_code": 0, "error": None}
        case typer.Exit():
            return {"exit_code": outcome.exit_code, "error": None}
        case PiqaError():
            return {"exit_code": outcome.exit_code, "error": str(outcome)}
        case KeyboardInterrupt():
            return {"exit_code": EXIT_INTERRUPTED, "error": "interrupted"}
        case Terminated():
            return {"exit_code": EXIT_TERMINATED, "error": "terminated"}
        case _:
            return {"exit_code": _EXIT_BUG, "error": f"{type(outcome).__name__}: {outcome}"}


@dataclass(frozen=True, slots=True)
class Places:
    """Folder and log of a run, as asked for and with the date filled in.

    Attributes:
        pattern: `--out` as asked for.
        out: the folder.
        log: the log file; None: none.
    """

    pattern: Path
    out: Path
    log: Path | None

    def run_before(self) -> Path | None:
        """The run that `latest` points to now; None: there is none, or no date in the name."""
        from piqa_cli.runs.dated_folders import latest_run

        return latest_run(self.pattern, self.out)

    def link_latest(self) -> None:
        """Lets `latest` point to the finished run; where it can't, the run stands all the same."""
        from piqa_cli.runs.dated_folders import link_latest

        try:
            link_latest(self.pattern, self.out)
        except PiqaError as error:
            print_trouble(str(error))


def places(out: Path, log: Path | None, *, model: str) -> Places:
    """Fills in date, time (local, both by one look at the clock) and model.

    Raises:
        UsageError: something else stands in braces.
    """
    from piqa_cli.provenance import local_now
    from piqa_cli.runs.dated_folders import expanded

    now = local_now()
    return Places(
        pattern=out,
        out=expanded(out, now, model=model),
        log=None if log is None else expanded(log, now, model=model),
    )

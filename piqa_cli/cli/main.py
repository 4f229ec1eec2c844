"""The `piqa-cli` command: joins the commands, turns errors into one line and an exit code."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from piqa_cli import __version__
from piqa_cli.cli import (
    cache,
    doctor,
    evaluate,
    models,
    rank,
    report,
    scan,
    score,
    sheet,
    train,
    weights,
)
from piqa_cli.errors import PiqaError

EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143


class Terminated(BaseException):
    """SIGTERM arrived: stop in an orderly way, as for Ctrl-C."""


class ErrorGroup(TyperGroup):
    """Shows what a user can mend as one line on stderr; a bug keeps its traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command under the one error handler."""
        try:
            return super().invoke(ctx)
        except PiqaError as error:
            typer.echo(f"piqa-cli: {error}", err=True)
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            _say_stopped("interrupted")
            sys.exit(EXIT_INTERRUPTED)
        except Terminated:
            _say_stopped("terminated")
            sys.exit(EXIT_TERMINATED)
        except BrokenPipeError:
            # The reader of our output has gone (`| head`): nothing is wrong, say nothing.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)


app = typer.Typer(
    cls=ErrorGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Rank phones by portrait quality, scene by scene.",
    epilog="Start with: piqa-cli rank CAPTURES, where CAPTURES holds <scene>/<device>/ folders.",
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"piqa-cli {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Rank phones by portrait quality, scene by scene."""


for command in (
    rank.rank, scan.scan, score.score, report.report, evaluate.evaluate, models.models,
    doctor.doctor,
):  # fmt: skip
    app.command()(command)
app.add_typer(weights.app, name="weights")
app.add_typer(cache.app, name="cache")
train.app.command()(sheet.sheet)
app.add_typer(train.app, name="train")


def run() -> None:
    """The console script."""
    signal.signal(signal.SIGTERM, _terminate)
    app()


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise Terminated


def _say_stopped(how: str) -> None:
    typer.echo(
        f"piqa-cli: {how}; what was done so far is kept, the same command goes on from there",
        err=True,
    )

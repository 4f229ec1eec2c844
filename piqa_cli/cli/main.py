"""The `piqa-cli` command: joins the commands, turns errors into one line and an exit code."""

from __future__ import annotations

import errno
import gc
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from piqa_cli import __version__
from piqa_cli.cli import (
    benchmark,
    cache,
    compare,
    config,
    contact_sheet,
    doctor,
    evaluate,
    history,
    judge,
    models,
    names,
    rank,
    report,
    runs,
    scan,
    score,
    train,
    train_model,
    weights,
)
from piqa_cli.cli.ending import drop, print_trouble
from piqa_cli.cli.settings_in_use import SettingsInUse, let_settings_reach
from piqa_cli.cli.stopping import (
    EXIT_INTERRUPTED,
    EXIT_TERMINATED,
    Terminated,
    listen_for_sigterm,
    stopped_line,
)
from piqa_cli.errors import PiqaError

_FULL = (errno.ENOSPC, errno.EDQUOT)


class ErrorGroup(TyperGroup):
    """Shows what a user can mend as one line on stderr; a bug keeps its traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command under the one error handler."""
        try:
            return super().invoke(ctx)
        except PiqaError as error:
            print_trouble(str(error))
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            print_trouble(stopped_line("interrupted", ctx.invoked_subcommand))
            sys.exit(EXIT_INTERRUPTED)
        except Terminated:
            print_trouble(stopped_line("terminated", ctx.invoked_subcommand))
            sys.exit(EXIT_TERMINATED)
        except BrokenPipeError:
            # The reader has ended (`| head`): no error. Commands whose code depends on their
            # result have ended with it before: see `print_and_end`.
            drop(sys.stdout)
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
    context: typer.Context,
    settings: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="FILE",
            help="Settings file; by default ./piqa.toml, if there is one.",
            envvar="PIQA_CONFIG",
            readable=False,
        ),
    ] = None,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Rank phones by portrait quality, scene by scene."""
    context.obj = SettingsInUse(settings, context)
    context.default_map = context.obj.default_map(context.invoked_subcommand)


for command in (
    rank.rank, scan.scan, names.names, score.score, report.report, compare.compare,
    evaluate.evaluate, history.history, models.models, doctor.doctor, benchmark.benchmark,
):  # fmt: skip
    app.command()(command)
app.add_typer(config.app, name="config")
app.add_typer(weights.app, name="weights")
app.add_typer(cache.app, name="cache")
app.add_typer(runs.app, name="runs")
train.app.command()(train_model.model)
train.app.command()(judge.judge)
train.app.command()(contact_sheet.sheet)
app.add_typer(train.app, name="train")
let_settings_reach(app)


_COLLECT_AFTER = 100_000, 50, 100
"""Objects made before Python looks for cycles: records have none, and there may be millions."""


def run() -> None:
    """The console script."""
    gc.set_threshold(*_COLLECT_AFTER)
    listen_for_sigterm()
    try:
        app()
    except OSError as error:
        if error.errno not in _FULL:
            raise
        drop(sys.stdout)
        print_trouble(f"the output can't be written ({error.strerror}); free some space")
        sys.exit(PiqaError.exit_code)

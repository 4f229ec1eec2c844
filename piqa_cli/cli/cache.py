"""`piqa-cli cache`: shows the content of the score cache, and makes it smaller."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from piqa_cli.cli import options
from piqa_cli.cli.terminal import plural, print_json, print_table, say
from piqa_cli.errors import UsageError
from piqa_cli.provenance import unix_time_s
from piqa_cli.resources import cache_file

if TYPE_CHECKING:
    from piqa_cli.score.cache_upkeep import CacheInfo, PruneRules

app = typer.Typer(no_args_is_help=True, help="Show the score cache, or make it smaller.")

_SPAN = re.compile(r"(\d+)\s*([hdw])")
_UNIT_S = {"h": 3600, "d": 86_400, "w": 604_800}


@app.command()
def info(as_json: options.AsJson = False) -> None:
    """Show where the score cache lies, its size and what it holds."""
    from piqa_cli.score.cache_size import LIMIT_VARIABLE, limit_bytes, written
    from piqa_cli.score.cache_upkeep import cache_info

    file, limit = cache_file(), limit_bytes()
    found = cache_info(file)
    if as_json:
        print_json({"file": str(file), "limit_bytes": limit, **_as_json(found)})
        return
    say(f"cache   {file}{'' if file.exists() else ' (not there yet)'}")
    say(f"size    {written(found.size_bytes)} of at most {written(limit)} ({LIMIT_VARIABLE})")
    say(f"scores  {found.scores:,}")
    if found.models:
        say()
        print_table(
            ("model", "scores", "last used from", "to (UTC)"),
            [
                (use.model, f"{use.scores:,}", _time(use.oldest_use_s), _time(use.newest_use_s))
                for use in found.models
            ],
        )


@app.command()
def prune(
    older_than: Annotated[
        str | None,
        typer.Option(
            metavar="SPAN", help="Forget scores that weren't used for this long: 12h, 90d, 8w."
        ),
    ] = None,
    max_size: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE", help="Forget the scores used longest ago, until the rest fits: 1GB."
        ),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="Forget only scores of this model.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Forget every score.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print what would be forgotten.")
    ] = False,
) -> None:
    """Forget scores; what is forgotten is scored again when it is met again."""
    from piqa_cli.score.cache_size import written
    from piqa_cli.score.cache_upkeep import prune as prune_cache

    rules = _rules(older_than, max_size, model, everything=everything)
    if model is not None:
        _check_model(model)
    pruned = prune_cache(cache_file(), rules, dry_run=dry_run)
    say(
        f"{plural(pruned.forgotten, 'score')} {'would be ' if dry_run else ''}forgotten "
        f"({written(pruned.freed_bytes)}), {pruned.kept:,} kept"
    )


def _rules(
    older_than: str | None, max_size: str | None, model: str | None, *, everything: bool
) -> PruneRules:
    from piqa_cli.score.cache_size import bytes_of
    from piqa_cli.score.cache_upkeep import PruneRules

    narrower = older_than is not None or model is not None
    if not (narrower or everything or max_size is not None):
        raise UsageError("say what to forget: --older-than, --max-size, --model or --all")
    if everything and (narrower or max_size is not None):
        raise UsageError("--all forgets every score: leave the other choices out")
    if model is not None and max_size is not None and older_than is None:
        raise UsageError("--max-size is for scores of all models: leave --model out")
    return PruneRules(
        model=model,
        unused_since_s=None if older_than is None else unix_time_s() - _seconds(older_than),
        everything=everything,
        max_bytes=None if max_size is None else bytes_of(max_size, name="--max-size"),
    )


def _check_model(name: str) -> None:
    """Refuses a model that neither the cache nor this version knows: it is a slip."""
    from piqa_cli.models.catalogue import model_names
    from piqa_cli.score.cache_upkeep import cache_info
    from piqa_cli.settings_file import nearest

    known = {*model_names(), *(use.model for use in cache_info(cache_file()).models)}
    if name not in known:
        raise UsageError(f"--model {name!r}: the cache has no such scores; {nearest(name, known)}")


def _seconds(span: str) -> int:
    match = _SPAN.fullmatch(span.strip().lower())
    if match is None:
        raise UsageError(f"--older-than {span!r}: give hours, days or weeks, such as 12h, 90d, 8w")
    return int(match[1]) * _UNIT_S[match[2]]


def _as_json(found: CacheInfo) -> dict[str, Any]:
    uses = [
        {
            "model": use.model,
            "scores": use.scores,
            "oldest_use": _time(use.oldest_use_s, with_zone=True),
            "newest_use": _time(use.newest_use_s, with_zone=True),
        }
        for use in found.models
    ]
    return {"size_bytes": found.size_bytes, "scores": found.scores, "models": uses}


def _time(time_s: int, *, with_zone: bool = False) -> str:
    moment = datetime.fromtimestamp(time_s, UTC)
    return moment.isoformat() if with_zone else moment.strftime("%Y-%m-%d %H:%M")

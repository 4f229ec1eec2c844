"""`score --shard` and `rank --merge`: a run in parts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from piqa_cli.cli.ending import print_and_end, print_trouble
from piqa_cli.cli.given_scores import OF_PICTURES
from piqa_cli.cli.options import local_folder, name_of, typed
from piqa_cli.cli.terminal import plural, print_json, progress_bar, say
from piqa_cli.errors import UsageError

if TYPE_CHECKING:
    from piqa_cli.parts.cut import Shard
    from piqa_cli.parts.merge import Parts
    from piqa_cli.records import Failed, Findings, Scored
    from piqa_cli.settings import RunSettings

Merge = Annotated[
    list[Path] | None,
    typer.Option(
        "--merge",
        metavar="PART",
        help="Rank captures that `score --shard` scored: the folder that holds all parts, or each "
        "part by an option of its own.",
        readable=False,
    ),
]
ShardOption = Annotated[
    str | None,
    typer.Option(
        "--shard",
        metavar="K/N",
        help="Score the K-th of N shards of a captures folder (or --manifest) as a part of a run "
        "for `rank --merge`.",
    ),
]
PartOut = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        metavar="PART",
        help="Folder of the part.",
        readable=False,
        callback=local_folder,
    ),
]

_OF_SHARDS = "out manifest layout only exclude shots prefer pictures".split()


def parts_to_merge(context: typer.Context, merge: list[Path] | None) -> Parts | None:
    """The parts to rank; None: there are captures or scores.

    Raises:
        UsageError: the command line asks for scoring, too.
        PiqaError: the parts don't belong together.
    """
    if not merge:
        return None
    if typed(context, "captures"):
        raise UsageError(
            "--merge ranks parts, not CAPTURES: name the folder that holds all parts, or each part "
            "by a --merge of its own"
        )
    for param in context.command.params:
        is_other = param.name in {*OF_PICTURES, "scores", "scale"} - {"combine"}
        if is_other and typed(context, param.name or ""):
            raise UsageError(
                f"--merge ranks parts that are scored already: leave out {name_of(param)}"
            )
    from piqa_cli.parts.merge import open_parts

    return open_parts(merge)


def refuse_without_shard(context: typer.Context) -> None:
    """Refuses options of `score` that only a shard has a use for.

    Raises:
        UsageError: one was named.
    """
    for param in context.command.params:
        if param.name in _OF_SHARDS and typed(context, param.name):
            raise UsageError(
                f"{name_of(param)} is for --shard K/N: leave it out, or name the shard"
            )


def score_shard(shard: Shard, settings: RunSettings, *, as_json: bool, quiet: bool) -> None:
    """Scores a shard, writes its part and prints the counts.

    Captures that fail are rows of the part, so the command ends well: `rank --merge` counts them.
    """
    from piqa_cli.pipeline import score_part

    findings = score_part(settings, shard, progress=progress_bar(quiet or as_json))
    counts = _counts(shard, settings.out, findings)
    print_and_end(0, lambda: _print(counts, findings, as_json=as_json, quiet=quiet))


def _counts(shard: Shard, out: Path, findings: Findings[Scored | Failed]) -> dict[str, Any]:
    failed = len(findings.failed)
    return {
        "part": str(out),
        "shard": str(shard),
        "captures": len(findings.results),
        "scenes": len({result.capture.scene for result in findings.results}),
        "ok": len(findings.results) - failed,
        "failed": failed,
        "reused": findings.reused,
    }


def _print(
    counts: dict[str, Any], findings: Findings[Scored | Failed], *, as_json: bool, quiet: bool
) -> None:
    for failed in findings.failed:
        print_trouble(f"{failed.path}: {failed.reason}")
    if as_json:
        print_json(counts)
    elif not quiet:
        say(
            f"shard   {counts['shard']}: {plural(counts['scenes'], 'scene')}, "
            f"{plural(counts['ok'], 'capture')} scored, {counts['failed']} failed"
        )
        say(f"part    {counts['part']}")

"""`piqa-cli compare`: differences that a new firmware, or a new day, made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from piqa_cli.acknowledge import parted
from piqa_cli.cli import options
from piqa_cli.cli.ending import print_and_end
from piqa_cli.cli.gate_lines import EXIT_GATE_FAILED, gates_counted, gates_fail, print_gates
from piqa_cli.cli.missing_lines import print_missing
from piqa_cli.cli.terminal import print_json, print_table, say, signed

if TYPE_CHECKING:
    from piqa_cli.compare.records import Comparison, DeviceChange, SceneChange
    from piqa_cli.records.gates import GateResult

_SHOWN_REGRESSIONS = 5


def compare(
    context: typer.Context,
    base: Annotated[Path, typer.Argument(metavar="BASE", help="Folder of the earlier run.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Folder of the later run.")],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="Folder for tables, pictures and report.",
            readable=False,
            callback=options.local_folder,
        ),
    ] = Path("piqa-compare"),
    maps: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="OLD=NEW",
            help="A device of BASE and its name in NEW; 'DEVICE FIRMWARE' names one of several.",
        ),
    ] = None,
    tie_jod: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            metavar="JOD",
            help="Smaller differences don't count; by default as in NEW.",
            envvar="PIQA_TIE_JOD",
        ),
    ] = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare two runs: firmware with firmware, or today with yesterday."""
    from piqa_cli.compare import folder
    from piqa_cli.compare.comparison import compare_folders
    from piqa_cli.compare.expected import missing_lines
    from piqa_cli.compare.gates import judge_comparison
    from piqa_cli.expect.expectation import open_expectation
    from piqa_cli.runs.lock import hold

    devices = context.obj.devices()
    found = compare_folders(
        base,
        new,
        maps=maps or (),
        tie_jod=tie_jod,
        devices=devices,
        expectation=open_expectation(context.obj.expect(), devices),
    )
    gates = judge_comparison(context.obj.gates(), found)
    folder.prepare(out)
    with hold(out):
        page = folder.write_folder(out, found, gates=gates)

    told = missing_lines(found.expected)

    def result() -> None:
        if as_json:
            from piqa_cli.compare.rows import as_json as plain

            head = {"out": str(out), "report": str(page), **plain(found)}
            print_json(head | {"gates": [asdict(gate) for gate in gates]})
        elif not quiet:
            _print(found, gates, out, page)

    print_and_end(
        EXIT_GATE_FAILED if gates_fail(gates) else 0,
        result,
        lambda: print_missing(parted(told, context.obj.acknowledged(), text=str)[0]),
        lambda: print_gates(gates, quiet=quiet),
    )


def _print(found: Comparison, gates: Sequence[GateResult], out: Path, page: Path) -> None:
    """Devices, the worst regressions, captures, notes."""
    from piqa_cli.compare.expected import missing_lines
    from piqa_cli.compare.rows import captures_counted

    told = missing_lines(found.expected)  # on stderr
    head = ("device", "change", "95 % interval", "scenes", "verdict")
    print_table(head, [_device(found, row) for row in found.overall()])
    worst = found.regressions()[:_SHOWN_REGRESSIONS]
    if worst:
        say()
        say("worst regressions")
        print_table(
            ("scene", "device", "change", "95 % interval", "verdict"),
            [_scene(found, row) for row in worst],
        )
    count = captures_counted(found)
    say()
    say(
        f"captures {count['changed']} changed, {count['unchanged']} unchanged, "
        f"{count['added']} added, {count['removed']} removed"
    )
    if count["failed_in_new"] or count["failed_in_base"]:
        say(f"failed  {count['failed_in_new']} in NEW, {count['failed_in_base']} in BASE")
    for note in (*found.notes[len(told) :], *_device_notes(found)):
        say(f"note    {note}")
    say(f"unit    {found.unit}; smaller than a tie of {found.tie_jod:g} JOD doesn't count")
    if gates:
        say(f"gates   {gates_counted(gates)}")
    say(f"tables  {out}")
    say(f"report  {page}")


def _device(found: Comparison, row: DeviceChange) -> tuple[str, ...]:
    from piqa_cli.compare.verdicts import in_scenes, scenes_counted, shorts

    scenes = in_scenes(row.verdict, row.n_worse_scenes, row.n_better_scenes)
    return (
        row.subject.label,
        "0" if row.verdict == "unchanged" else signed(row.difference),
        _interval(row),
        scenes_counted(row.n_scenes, row.n_same_scenes),
        ", ".join(filter(None, (shorts(given=found.given)[row.verdict], scenes))),
    )


def _scene(found: Comparison, row: SceneChange) -> tuple[str, ...]:
    from piqa_cli.compare.verdicts import shorts

    return (
        row.scene,
        row.subject.label,
        signed(row.difference),
        _interval(row),
        shorts(given=found.given)[row.verdict],
    )


def _interval(row: DeviceChange | SceneChange) -> str:
    if row.verdict == "unchanged" or row.difference is None:
        return "-"
    return "unknown" if row.ci_low is None else f"{signed(row.ci_low)} .. {signed(row.ci_high)}"


def _device_notes(found: Comparison) -> list[str]:
    """Each note on devices once, with those that it is about."""
    from piqa_cli.report.text import listed

    about: dict[str, list[str]] = {}
    for row in found.overall():
        if row.note and row.verdict not in ("added", "removed"):
            about.setdefault(row.note, []).append(row.subject.label)
    return [f"{listed(labels)}: {note}" for note, labels in about.items()]

"""Finished runs under the names of `[devices]`, so that a renamed phone is compared with itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from piqa_cli.discover.aliases import Aliases
from piqa_cli.rank.cells import competitors_of
from piqa_cli.rank.ranking import rank_captures
from piqa_cli.rank.records import Rules, ScoredCapture
from piqa_cli.records import Competitor, DeviceRank, PairRank, Ranking
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.records.device_names import DeviceName
from piqa_cli.runs.capture_rows import tally
from piqa_cli.runs.table_set import Run, load_run
from piqa_cli.settings import DEFAULT_TIE_JOD, By


def open_named(folder: Path, devices: Sequence[DeviceName] = ()) -> Run:
    """Reads a run back and renames its devices; where two become one, ranks them again as one.

    Args:
        folder: of the run.
        devices: entries of `[devices]`.

    Raises:
        PiqaError: no run, or one that can't be read.
    """
    return named(load_run(folder), Aliases.of(devices))


def named(run: Run, aliases: Aliases) -> Run:
    """A run with the names that hold; the same one where they hold already.

    Captures keep their paths. Ranks are renamed, or made again from the captures' scores, by the
    rules of the run, where devices that competed become one.
    """
    if not aliases:
        return run
    tables = run.tables
    owners = (who for who in tally(tables.captures, "device", "firmware") if who[0] is not None)
    if all(aliases.canonical(*who) == who for who in owners):
        return run
    captures = [aliases.renamed(row) for row in tables.captures]
    renamed = replace(run, tables=replace(tables, captures=captures))
    if is_joined(tables.device_ranks, aliases) or _is_torn(run, aliases):
        ranking = _ranked_again(renamed, aliases)
    else:
        ranking = Ranking(
            scenes=tuple(map(aliases.renamed, tables.scene_ranks)),
            devices=tuple(map(aliases.renamed, tables.device_ranks)),
            pairs=tuple(_pair(row, aliases) for row in tables.pairs),
            faults=tuple(map(aliases.renamed, tables.faults)),
        )
    return replace(
        renamed,
        tables=replace(
            renamed.tables,
            scene_ranks=list(ranking.scenes),
            device_ranks=[_referred(row, aliases) for row in ranking.devices],
            pairs=list(ranking.pairs),
            faults=list(ranking.faults),
        ),
    )


def is_joined(rows: Iterable[DeviceRank], aliases: Aliases) -> bool:
    """True if devices that competed in a run become one under the names that hold."""
    before = {row.competitor for row in rows}
    return len({aliases.canonical(*who) for who in before}) < len(before)


def _is_torn(run: Run, aliases: Aliases) -> bool:
    """True if captures of one competitor aren't one under the names that hold.

    So it is where devices competed and a firmware of one now counts as another device's.
    """
    tables = run.tables
    if any(row.firmware is not None for row in tables.device_ranks):
        return False
    return any(
        aliases.canonical(device).device != aliases.canonical(device, firmware).device
        for status, device, firmware in tally(tables.captures, "status", "device", "firmware")
        if status == "ok"
    )


def _referred(row: DeviceRank, aliases: Aliases) -> DeviceRank:
    return row if row.reference is None else replace(row, reference=aliases.text(row.reference))


def _pair(row: PairRank, aliases: Aliases) -> PairRank:
    a = aliases.canonical(row.device_a, row.firmware_a)
    b = aliases.canonical(row.device_b, row.firmware_b)
    return replace(
        row,
        device_a=a.device,
        firmware_a=a.firmware,
        device_b=b.device,
        firmware_b=b.firmware,
    )


def _ranked_again(run: Run, aliases: Aliases) -> Ranking:
    """Ranks of the scored captures of a run, by its own rules."""
    rows = [row for row in run.tables.captures if isinstance(row, ScoredRow)]
    settings = run.info.get("settings", {}).get("rank", {})
    by: By | None = next((by for by in get_args(By) if by == settings.get("by")), None)
    tie_jod = settings.get("tie_jod")
    reference = next((row.reference for row in run.tables.device_ranks if row.reference), None)
    rules = Rules(
        DEFAULT_TIE_JOD if tie_jod is None else tie_jod,
        run.source.jod_per_unit,
        None if reference is None else _competitor(aliases.text(reference), rows, by),
        min_scenes=settings.get("min_scenes"),
        min_captures=settings.get("min_captures", 1),
    )
    return rank_captures([_scored(row) for row in rows], by=by, rules=rules)


def _competitor(name: str, rows: Sequence[ScoredRow], by: By | None) -> Competitor | None:
    return next((who for who in competitors_of(rows, by) if who.is_called(name)), None)


def _scored(row: ScoredRow) -> ScoredCapture:
    return ScoredCapture(
        path=row.path,
        scene=row.scene,
        device=row.device,
        firmware=row.firmware,
        condition=row.condition,
        score=row.score,
        sha256=row.sha256,
        pixels_sha256=row.pixels_sha256,
        score_sd=row.score_sd,
        fault_costs=tuple(costs) if (costs := row.more.get("fault_costs")) else None,
    )

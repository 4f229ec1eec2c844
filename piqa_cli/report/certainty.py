"""Wording of ranks: without intervals pages call nothing clear, and give the reason."""

from __future__ import annotations

from collections.abc import Sequence

from piqa_cli.records import DeviceRank, SceneRank
from piqa_cli.records.ranks import NO_INTERVAL
from piqa_cli.report.site import Site
from piqa_cli.report.text import number

Rank = SceneRank | DeviceRank

SCENE_LACKS = "no interval: no device has two captures of a scene"
LEAGUE_NEEDS = "An interval needs at least two scenes that two or more devices share."


def certain(rows: Sequence[Rank]) -> bool:
    """True if all of these rivals have intervals: only then can one be clearly better."""
    return all(row.ci_low is not None for row in rows)


def clearly_first(row: Rank, rivals: Sequence[Rank]) -> bool:
    """True if only this row can be first by the data.

    Args:
        row: of scene_ranks or device_ranks.
        rivals: all rows that it is ranked with, itself among them.
    """
    return row.rank_high == 1 and len(rivals) > 1 and certain(rivals)


def basis(site: Site) -> str:
    """Basis of a run's rank ranges where there are no intervals, in words."""
    return basis_of(site.run.source.jod_per_unit, site.tie_jod)


def basis_of(jod_per_unit: float | None, tie_jod: float | None) -> str:
    """Basis of rank ranges where there are no intervals, in words.

    Args:
        jod_per_unit: JOD for one unit of score; None: no JOD scale.
        tie_jod: largest gap that counts as a tie; None: not known.
    """
    if jod_per_unit is None:
        return "the scores have no JOD scale either, so no rank can be told from another"
    if tie_jod is None:
        return "ranks rest on the tie threshold alone"
    if tie_jod == 0:
        return "ranks rest on the order of the scores alone"
    return f"ranks rest on the tie threshold of {tie_jod:g} JOD alone"


def scene_note(site: Site, rows: Sequence[Rank]) -> str | None:
    """Note that ranks of a scene (or of all scenes) have no intervals; None: they have.

    Args:
        site: the run.
        rows: of scene_ranks.
    """
    if certain(rows):
        return None
    return SCENE_LACKS if len(rows) == 1 else f"{SCENE_LACKS}; {basis(site)}"


def league_notes(site: Site, rows: Sequence[DeviceRank]) -> tuple[str, ...]:
    """The notes of a league, with the basis of its ranks where it has no intervals.

    Args:
        site: the run.
        rows: of device_ranks, one league of one ranking.
    """
    notes = tuple(dict.fromkeys(row.note for row in rows if row.note))
    if len(rows) == 1 or certain(rows):
        return notes
    if not any("no interval" in note for note in notes):
        notes = (*notes, NO_INTERVAL)
    return ("; ".join((*notes, basis(site))),)


def uneven_words(row: DeviceRank, unit: str) -> str:
    """Note on a device that strays clearly more than its rivals; empty where it doesn't.

    Args:
        row: of device_ranks.
        unit: of the scores.
    """
    if not row.uneven:
        return ""
    return (
        f"Uneven: from scene to scene it strays by {number(row.residual_sd)} {unit} (standard "
        "deviation), clearly more than the others; its intervals are wider for it."
    )

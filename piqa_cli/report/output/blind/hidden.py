"""A blind run without ranks and scores: what a page doesn't get, it can't give away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from piqa_cli.records import DeviceRank, SceneRank
from piqa_cli.records.capture_row import CaptureRow, ScoredRow
from piqa_cli.report.output.blind.letters import BlindKey, alphabetic
from piqa_cli.runs.notes import Notes
from piqa_cli.runs.table_set import Run
from piqa_cli.runs.tables import Tables

_UNSCORED = 0.0  # stands for every score; pages show none of them


def without_scores(run: Run, key: BlindKey) -> Run:
    """A blind run in which all devices are equals, in the order of their letters.

    Pairs, fault profiles, agreement of models and people's notes, which may judge a device, are
    left out.

    Args:
        run: a blind one; left as it is.
        key: to its letters.
    """
    letters = sorted(key.letters.values(), key=alphabetic)
    tables = Tables(
        captures=[_capture(row) for row in run.tables.captures],
        scene_ranks=_equal_in_scenes(run.tables.scene_ranks),
        device_ranks=[_equal_device(letter, len(letters)) for letter in letters],
        pairs=[],
        timings=[],
        faults=[],
        agreement=[],
    )
    info = {**run.info, "scores_hidden": True, "warnings": []}
    return replace(run, info=info, tables=tables, notes=Notes((), ""))


def _capture(row: CaptureRow) -> CaptureRow:
    plain = replace(row, score_sd=None, view_scores=None, view_spread=None, jod=None, more={})
    return replace(plain, score=_UNSCORED) if isinstance(plain, ScoredRow) else plain


def _equal_in_scenes(rows: Sequence[SceneRank]) -> list[SceneRank]:
    """Rows of scene_ranks that say which device has how many captures of a scene, no more."""
    scenes = dict.fromkeys(row.scene for row in rows)
    numbers = {scene: sum(row.scene == scene for row in rows) for scene in scenes}
    return [
        SceneRank(
            scene=row.scene,
            condition=row.condition,
            device=row.device,
            firmware=None,
            n_captures=row.n_captures,
            score=_UNSCORED,
            gap_to_scene_mean=_UNSCORED,
            worst_score=_UNSCORED,
            spread=None,
            ci_low=None,
            ci_high=None,
            rank=1,
            rank_low=1,
            rank_high=numbers[row.scene],
        )
        for row in sorted(rows, key=lambda row: alphabetic(row.device))
    ]


def _equal_device(letter: str, number: int) -> DeviceRank:
    return DeviceRank(
        condition=None,
        league=1,
        device=letter,
        firmware=None,
        n_scenes=0,
        n_captures=0,
        score=_UNSCORED,
        ci_low=None,
        ci_high=None,
        rank=1,
        rank_low=1,
        rank_high=number,
        preference=None,
    )

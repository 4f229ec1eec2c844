"""Single parts of a ranking, as tests ask for them."""

from __future__ import annotations

from piqa_cli.rank.ranking import rank_captures
from piqa_cli.rank.records import Rules


def rank_overall(captures, *, by=None, **rules):
    """Rows of device_ranks."""
    return rank_captures(captures, by=by, rules=Rules(**rules)).devices


def rank_scenes(captures, *, by=None, **rules):
    """Rows of scene_ranks."""
    return rank_captures(captures, by=by, rules=Rules(**rules)).scenes

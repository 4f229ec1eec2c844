"""Explanation columns of every model that asks LIQE."""

from __future__ import annotations

from piqa_cli.columns import Column

LIQE_COLUMNS = (
    Column("liqe_quality", "float64", "LIQE quality, 1 bad .. 5 perfect", "", "LIQE quality"),
    Column("liqe_scene", "string", "LIQE scene type", heading="LIQE scene"),
    Column("liqe_distortion", "string", "LIQE distortion", heading="LIQE distortion"),
)

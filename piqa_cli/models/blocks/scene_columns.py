"""Explanation columns of the models that know scenes (no torch here)."""

from __future__ import annotations

from piqa_cli.columns import Column

SCENE_COLUMNS = (
    Column(
        "scene_class",
        "int64",
        "class of the training scenes that the model takes the picture for, counted from 0",
        heading="Scene class",
    ),
    Column(
        "scene_probability",
        "float64",
        "the model's probability of that class",
        heading="Scene probability",
    ),
)

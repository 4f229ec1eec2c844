"""LIQE's prompts (Zhang et al. 2023, section 3.2), in the order of its logits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

LABELS: dict[str, list[str]] = {
    "quality": ["bad", "poor", "fair", "good", "perfect"],
    "scene": [
        "animal",
        "cityscape",
        "human",
        "indoor",
        "landscape",
        "night",
        "plant",
        "still_life",
        "others",
    ],
    "distortion": [
        "jpeg2000 compression",
        "jpeg compression",
        "noise",
        "blur",
        "color",
        "contrast",
        "overexposure",
        "underexposure",
        "spatial",
        "quantization",
        "other",
    ],
}


QUALITY_LABELS: dict[str, list[str]] = {**LABELS, "scene": [], "distortion": []}
"""Labels of the network trained on KonIQ-10k alone: its prompts name nothing but quality."""


def prompts(labels: Mapping[str, Sequence[str]] = LABELS) -> list[str]:
    """All prompts of a set of labels.

    The index is quality * 99 + scene * 11 + distortion, or quality alone without scenes.

    >>> prompts()[494]
    'a photo of a others with other artifacts, which is of perfect quality'
    >>> prompts(QUALITY_LABELS)[0]
    'a photo with bad quality'
    """
    if not labels["scene"]:
        return [f"a photo with {quality} quality" for quality in labels["quality"]]
    combinations = product(labels["quality"], labels["scene"], labels["distortion"])
    return [
        f"a photo of a {scene} with {distortion} artifacts, which is of {quality} quality"
        for quality, scene, distortion in combinations
    ]

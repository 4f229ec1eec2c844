"""LIQE's 495 prompts (Zhang et al. 2023, section 3.2), in the order of its logits."""

from __future__ import annotations

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


def prompts() -> list[str]:
    """All prompts; the index is quality * 99 + scene * 11 + distortion.

    >>> prompts()[494]
    'a photo of a others with other artifacts, which is of perfect quality'
    """
    combinations = product(LABELS["quality"], LABELS["scene"], LABELS["distortion"])
    return [
        f"a photo of a {scene} with {distortion} artifacts, which is of {quality} quality"
        for quality, scene, distortion in combinations
    ]

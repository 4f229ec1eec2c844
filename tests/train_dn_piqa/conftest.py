"""A very small DN-PIQA in the authors' file layouts, and rated pictures to learn from."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.models.reference.checkpoints import FACE, FULL, Sizes, liqe_state, piq_state

TINY = Sizes(
    embed=8,
    depths=(1, 1, 1, 1),
    heads=(1, 1, 1, 1),
    hidden=16,
    visual_width=64,
    text_width=64,
    layers=1,
    output=16,
)


@dataclass(frozen=True)
class Starts:
    """Files of one branch each, heads and all, as the authors publish such; and LIQE's."""

    full: Path
    face: Path
    liqe: Path


@pytest.fixture(scope="session")
def starts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("starts")
    files = Starts(folder / "full.pth", folder / "face.pth", folder / "LIQE.pt")
    piq = piq_state(TINY)
    heads = {"quality.0.weight": torch.zeros(128, 80), "quality.1.bias": torch.zeros(1)}
    for file, theirs, prefix in (
        (files.full, FULL, "feature_extraction."),
        (files.face, FACE, "feature_extraction.feature_extraction."),
    ):
        branch = {n.replace(theirs, prefix): t for n, t in piq.items() if n.startswith(theirs)}
        torch.save(branch | heads, file)
    quiet = {"logit_scale": torch.zeros(())}  # or noise of LIQE would drown the pictures
    torch.save(liqe_state(TINY) | quiet, files.liqe)
    return files


@pytest.fixture(scope="session")
def rated(tmp_path_factory):
    """5 scenes of 4 pictures, the brighter the better; a manifest with faces and JODs."""
    folder = tmp_path_factory.mktemp("rated")
    rng = np.random.default_rng(5)
    rows = []
    for scene in range(5):
        texture = rng.integers(0, 50, (240, 256, 3))
        for step in range(4):
            name = f"scene{scene}_{step}.png"
            pixels = np.clip(texture + 62 * step, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name)
            face = ("", "", "", "") if step % 2 else (40, 50, 160, 180)
            rows.append((name, f"scene {scene}", f"device {step}", 1.5 * step - 2.25, *face))
    headings = "path scene device jod face_x0 face_y0 face_x1 face_y1".split()
    with (folder / "manifest.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([headings, *rows])
    return folder / "manifest.csv"

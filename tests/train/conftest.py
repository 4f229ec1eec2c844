from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.models.dn_piqa_mini.network import DnPiqaMini
from piqa_cli.train.mini.start import start_model

torch.set_num_threads(1)


def scenery(seed: int, height: int = 160, width: int = 200) -> NDArray[np.uint8]:
    """A synthetic photograph: smooth shading, hard-edged discs and fine texture."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:height, :width]
    picture = np.stack([60 + 120 * rows / height, 80 + 90 * columns / width, 90 + 0 * rows], 2)
    for _ in range(12):
        y, x, radius = rng.integers(height), rng.integers(width), rng.integers(6, 30)
        picture[(rows - y) ** 2 + (columns - x) ** 2 < radius**2] = rng.integers(20, 235, 3)
    picture += rng.normal(0, 12, (height, width, 1))
    return np.clip(picture, 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def clean() -> NDArray[np.uint8]:
    return scenery(7)


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of six synthetic photographs."""
    folder = tmp_path_factory.mktemp("photos")
    for seed in range(6):
        Image.fromarray(scenery(seed)).save(folder / f"scene{seed}.png")
    (folder / "manifest.csv").write_text(
        "file,face_box\n" + "".join(f"scene{seed}.png,\n" for seed in range(6))
    )
    return folder


@pytest.fixture(scope="session")
def rated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CSV of 3 scenes of 6 square pictures without faces, in folds 0, 2, 4; noisier is worse."""
    folder = tmp_path_factory.mktemp("rated")
    lines = ["path,scene,jod,face_box"]
    for scene in range(3):
        clean = scenery(20 + scene, 120, 120).astype(float)
        rng = np.random.default_rng(scene)
        for number in range(6):
            noisy = clean + rng.normal(0, 8 * number, clean.shape)
            Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(
                folder / f"{scene}-{number}.png"
            )
            lines.append(f"{scene}-{number}.png,s{scene},{-number},")
    (folder / "rated.csv").write_text("\n".join(lines) + "\n")
    return folder / "rated.csv"


@pytest.fixture(scope="session")
def network() -> DnPiqaMini:
    """The network on ImageNet features with a random head."""
    model = start_model("imagenet")
    source = torch.Generator().manual_seed(0)
    with torch.no_grad():
        model.score.weight.normal_(0, 0.02, generator=source)
    return model

"""Scores pictures that the network doesn't learn from, as `rank` would."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.models.dn_piqa.network import DnPiqa
from piqa_cli.models.dn_piqa.views import five_crops
from piqa_cli.train.dn_piqa.prepared import load_prepared
from piqa_cli.train.dn_piqa.steps import scores_of, set_mode
from piqa_cli.train.team import Team


def score_files(model: DnPiqa, files: Sequence[Path], team: Team) -> NDArray[np.float64]:
    """(pictures,) scores in float32 products: the mean over five crops. The team shares them."""
    set_mode(model, training=False)
    scores = torch.zeros(len(files), device=team.device)
    with torch.inference_mode():
        for row in range(team.rank, len(files), team.size):
            picture = load_prepared(files[row])
            full, face = (
                torch.from_numpy(five_crops(Image.fromarray(pixels))).to(team.device)
                for pixels in (picture.full, picture.face)
            )
            liqe = torch.from_numpy(picture.liqe).to(team.device).expand(len(full), -1)
            scores[row] = scores_of(model, full, face, liqe).mean()
        return team.add(scores).double().cpu().numpy()

"""Pictures as training needs them: reduced photo and face, LIQE's logits; made once and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from piqa_cli.models.blocks.liqe.windows import PATCH_SIDE_PX, liqe_patches
from piqa_cli.models.dn_piqa.network import DnPiqa
from piqa_cli.models.dn_piqa.views import face_box, resized_size
from piqa_cli.models.view_types import FaceBox
from piqa_cli.records import Capture
from piqa_cli.settings import DetectorRule
from piqa_cli.train import prepared
from piqa_cli.train.array_file import read_arrays
from piqa_cli.train.team import Team

_VERSION = "prepared-1"

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One picture. Both arrays are (H, W, 3) uint8 with a shorter side of 448.

    Attributes:
        full: the whole picture.
        face: the face crop; the whole picture where there is no face.
        liqe: (prompts,) float32 mean logits of the picture at its working size.
    """

    full: Pixels
    face: Pixels
    liqe: NDArray[np.float32]


def load_prepared(file: Path) -> Prepared:
    """Reads what `prepare` wrote.

    Raises:
        PiqaError: the file is damaged.
    """
    arrays = read_arrays(file, ("full", "liqe"))
    full = arrays["full"]
    return Prepared(full, arrays.get("face", full), arrays["liqe"])


def prepare(
    captures: Sequence[Capture],
    folder: Path,
    model: DnPiqa,
    *,
    liqe_sha256: str,
    face_rule: DetectorRule,
    team: Team,
    quiet: bool = False,
) -> list[Path]:
    """Makes what is missing in `folder` and names the file of every capture, see `train.prepared`.

    Raises:
        PiqaError: a picture can't be read or is too small; the message names it.
    """
    preparation = prepared.Preparation(
        make=lambda pixels, face: _arrays(pixels, face, model),
        names=(_VERSION, liqe_sha256),
        needs_face=True,
        min_side_px=PATCH_SIDE_PX,
    )
    return prepared.prepare(
        captures, folder, preparation, face_rule=face_rule, team=team, quiet=quiet
    )


def _arrays(pixels: Pixels, face: FaceBox | None, model: DnPiqa) -> dict[str, NDArray[np.generic]]:
    """The arrays of a file; `face` only where there is one."""
    picture = Image.fromarray(pixels)
    arrays: dict[str, NDArray[np.generic]] = {"full": _resized(picture)}
    if face is not None:
        crop = picture.crop(face_box(face, width=picture.width, height=picture.height))
        arrays["face"] = _resized(crop)
    device = next(model.parameters()).device
    patches = torch.from_numpy(liqe_patches(pixels))[None].to(device)
    with torch.inference_mode():
        arrays["liqe"] = model.liqe.eval()(patches)[0].float().cpu().numpy()
    return arrays


def _resized(picture: Image.Image) -> Pixels:
    size = resized_size(picture.width, picture.height)
    return np.asarray(picture.resize(size, Image.Resampling.BILINEAR))

"""DN-PIQA as a plain loop: one photograph at a time, nothing saved or shared.

The order of steps is the one that the authors publish (Sun et al. 2024; Zhang et al. 2023), the
weights are the program's: PIL picture, transforms, LIQE's windows all unfolded as floats, attention
in separate products. Text vectors are cached, which the authors' script doesn't do. The face box is
given.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image, ImageOps
from timm.models.swin_transformer import WindowAttention
from torch import Tensor, nn
from torchvision import transforms

from piqa_cli.benchmark.work import Clock, Spent
from piqa_cli.models.blocks.clip_tower import CLIP_MEAN, CLIP_STD
from piqa_cli.models.dn_piqa.network import DnPiqa
from piqa_cli.models.normalize import IMAGENET_MEAN, IMAGENET_STD
from piqa_cli.models.view_types import FaceBox
from piqa_cli.read.decode import read_photo
from piqa_cli.read.pixels import reduce
from piqa_cli.score.scorer import Scorer

_WINDOW_PX = 224
_STRIDE_PX = 32
_WINDOWS = 15
_MARGIN_PX = 20


@dataclass(frozen=True, slots=True)
class ReferenceScore:
    """Score of the loop, and the time of its two halves.

    Attributes:
        prepared: from the file to normalised tensors.
        networks: from these to the score.
    """

    score: float
    prepared: Spent
    networks: Spent


class ReferenceLoop:
    """The plain loop over the weights of a model that is already in memory."""

    def __init__(self, model: DnPiqa, device: torch.device) -> None:
        """Shares the weights; the model itself stays as it is."""
        tensors = (*model.parameters(), *model.buffers())
        self._model = copy.deepcopy(model, {id(tensor): tensor for tensor in tensors})
        for module in self._model.modules():
            if isinstance(module, WindowAttention):
                module.fused_attn = False
        self._device = device
        crops = [transforms.Resize(448), transforms.FiveCrop(384), transforms.Lambda(_stacked)]
        imagenet = transforms.Normalize(IMAGENET_MEAN, IMAGENET_STD)
        self._crops = transforms.Compose([*crops, imagenet])
        clip = transforms.Normalize(CLIP_MEAN, CLIP_STD)
        self._whole = transforms.Compose([transforms.ToTensor(), clip])

    def score(
        self, file: Path, face: FaceBox | None, working_side_px: int | None
    ) -> ReferenceScore:
        """Scores one file.

        Args:
            file: the photograph.
            face: box in pixels of the working picture; None: the whole picture stands in.
            working_side_px: shorter side that the picture is reduced to first; None: it isn't.
        """
        clock = Clock(self._device)
        upright = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
        picture = reduce(upright, working_side_px)  # as the program does: the loop has no such step
        crop = picture if face is None else picture.crop(_grown(face, picture))
        full, faces = (self._crops(part).to(self._device) for part in (picture, crop))
        windows = _unfolded(self._whole(picture)).to(self._device)
        prepared = clock.read()
        clock = Clock(self._device)
        with torch.no_grad():
            score = float(self._networks(full, faces, windows))
        return ReferenceScore(score, prepared, clock.read())

    def _networks(self, full: Tensor, face: Tensor, windows: Tensor) -> Tensor:
        model = self._model
        vectors = nn.functional.normalize(model.liqe.visual(windows), dim=-1)
        logits = (model.liqe.logit_scale.exp() * vectors @ model.liqe.text.T).mean(dim=0)
        features = [model.full(full), model.face(face), logits.expand(len(full), -1)]
        return model.quality(torch.cat(features, dim=1)).mean()


def _stacked(crops: tuple[Image.Image, ...]) -> Tensor:
    return torch.stack([transforms.functional.to_tensor(crop) for crop in crops])


def _grown(face: FaceBox, picture: Image.Image) -> tuple[int, int, int, int]:
    x0, x1 = (round(min(max(x, 0), picture.width)) for x in (face[0], face[2]))
    y0, y1 = (round(min(max(y, 0), picture.height)) for y in (face[1], face[3]))
    return x0 - _MARGIN_PX, y0 - _MARGIN_PX, x1 + _MARGIN_PX, y1 + _MARGIN_PX


def _unfolded(pixels: Tensor) -> Tensor:
    """(3, H, W) to (15, 3, 224, 224): all windows are made, then 15 of them picked."""
    windows = pixels.unfold(1, _WINDOW_PX, _STRIDE_PX).unfold(2, _WINDOW_PX, _STRIDE_PX)
    windows = windows.permute(1, 2, 0, 3, 4).reshape(-1, 3, _WINDOW_PX, _WINDOW_PX)
    step = len(windows) // _WINDOWS
    return windows[[index * step for index in range(_WINDOWS)]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The program and the loop on the same photographs, in turn, in one process.

    Attributes:
        photos: number of photographs.
        ours, loop: time of the networks for one photograph.
        ours_whole, loop_whole: from the file to the score; the face box is given to both.
        largest_difference: of a photograph's two scores.
    """

    photos: int
    ours: Spent
    loop: Spent
    ours_whole: Spent
    loop_whole: Spent
    largest_difference: float


def compare_with_loop(
    model: DnPiqa,
    scorer: Scorer,
    files: Sequence[Path],
    boxes: Sequence[FaceBox | None],
    *,
    working_side_px: int | None,
) -> Comparison:
    """Scores each photograph with the program's own steps, then with the plain loop.

    Args:
        model: whose weights both use.
        scorer: of that model.
        files: photographs.
        boxes: their faces, in pixels of the working picture.
        working_side_px: as `ScoreSettings` has it.
    """
    loop = ReferenceLoop(model, scorer.device)
    ours = ours_whole = loop_networks = loop_whole = Spent(0.0, 0.0)
    differences = []
    for file, box in zip(files, boxes, strict=True):
        clock = Clock(scorer.device)
        views = scorer.views(read_photo(file, working_side_px=working_side_px).pixels, box)
        prepared = clock.read()
        clock = Clock(scorer.device)
        score = scorer.score([views])[0].score
        networks = clock.read()
        plain = loop.score(file, box, working_side_px)
        ours, ours_whole = ours + networks, ours_whole + prepared + networks
        loop_networks += plain.networks
        loop_whole = loop_whole + plain.prepared + plain.networks
        differences.append(abs(score - plain.score))
    count = len(files)
    return Comparison(
        count,
        ours / count,
        loop_networks / count,
        ours_whole / count,
        loop_whole / count,
        max(differences),
    )

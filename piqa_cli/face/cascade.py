"""MTCNN's three networks in a row: they propose boxes, refine them and judge the rest.

Steps, thresholds and roundings are those of facenet-pytorch's `MTCNN`. It resamples the picture and
every candidate by itself, each out of the whole picture; here they are cut by running sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torchvision.ops import nms

from piqa_cli.face.area_means import Edges, Sums, reduced, running_sums, squares

if TYPE_CHECKING:
    from facenet_pytorch import MTCNN

_Floats = NDArray[np.float32]

_CELL_PX = 12  # side of the square that a proposal is made of
_STRIDE_PX = 2  # distance of these squares
_STEP = 0.709  # size of a level of the pyramid against the one before
_SIDES_PX = (_CELL_PX, 24, 48)  # of what each network takes
_PROPOSED, _REFINED, _JUDGED = 0.6, 0.7, 0.7  # confidences that each network asks for
_SAME_IN_LEVEL, _SAME = 0.5, 0.7  # overlap of two boxes of one face
_BATCH = 512  # candidates at once


class Cascade:
    """Finds faces by the networks of a loaded `MTCNN`.

    Args:
        mtcnn: its networks, thresholds at their defaults.
        min_face_px: smallest face that is found.
        device: where the networks are.
    """

    def __init__(self, mtcnn: MTCNN, *, min_face_px: int, device: torch.device) -> None:
        self._networks = mtcnn.pnet, mtcnn.rnet, mtcnn.onet
        self._scale = _CELL_PX / min_face_px
        self._device = device

    @torch.inference_mode()
    def detect(self, pixels: NDArray[np.uint8]) -> tuple[_Floats, _Floats]:
        """Boxes (n, 4), x0 y0 x1 y1 in pixels and not rounded, and confidences (n,).

        Args:
            pixels: (height, width, 3) uint8, both sides at least `min_face_px`, see
                `running_sums` for the most.
        """
        sums = running_sums(pixels)
        proposals = _shown(self._propose(sums), sums)
        refined = _shown(self._refine(sums, proposals), sums) if len(proposals) else proposals
        return self._judge(sums, refined) if len(refined) else (refined, np.zeros(0, np.float32))

    def _propose(self, sums: Sums) -> _Floats:
        """Squares that may hold a face, by the first network on a pyramid of the picture."""
        height, width = sums.shape[0] - 1, sums.shape[1] - 1
        scale, shorter = self._scale, min(height, width) * self._scale
        found = []
        while shorter >= _CELL_PX:
            level = reduced(sums, int(height * scale + 1), int(width * scale + 1))
            found.append(self._proposals_of(level, scale))
            scale *= _STEP
            shorter *= _STEP
        boxes, scores, shifts = (np.concatenate(parts) for parts in zip(*found, strict=True))
        kept = _distinct(boxes, scores, _SAME)
        boxes = boxes[kept]
        return _squared(_moved(boxes, shifts[kept], boxes[:, 2:] - boxes[:, :2]))

    def _proposals_of(self, level: _Floats, scale: float) -> tuple[_Floats, _Floats, _Floats]:
        """Boxes, confidences and shifts that one level of the pyramid proposes."""
        answers = self._networks[0](self._tensor(level[None]))
        shifts, likely = (answer[0].cpu().numpy() for answer in answers)
        down, across = np.nonzero(likely[1] >= np.float32(_PROPOSED))
        corners = np.stack([across, down], axis=1).astype(np.float32) * np.float32(_STRIDE_PX)
        near = np.floor((corners + np.float32(1)) / np.float32(scale))
        far = np.floor((corners + np.float32(_CELL_PX)) / np.float32(scale))
        boxes, scores = np.concatenate([near, far], axis=1), likely[1][down, across]
        kept = _distinct(boxes, scores, _SAME_IN_LEVEL)
        return boxes[kept], scores[kept], shifts[:, down, across].T[kept]

    def _refine(self, sums: Sums, boxes: _Floats) -> _Floats:
        """The proposals that the second network takes for faces, moved, as squares."""
        shifts, likely = self._answers(1, sums, boxes)
        sure = likely[:, 1] > np.float32(_REFINED)
        boxes, shifts = boxes[sure], shifts[sure]
        kept = _distinct(boxes, likely[sure, 1], _SAME)
        boxes = boxes[kept]
        return _squared(_moved(boxes, shifts[kept], _sides(boxes)))

    def _judge(self, sums: Sums, boxes: _Floats) -> tuple[_Floats, _Floats]:
        """Boxes that the third network is sure of, one a face, and its confidences."""
        shifts, _, likely = self._answers(2, sums, boxes)
        sure = likely[:, 1] > np.float32(_JUDGED)
        boxes, scores = boxes[sure], likely[sure, 1]
        boxes = _moved(boxes, shifts[sure], _sides(boxes))
        kept = _not_within(boxes, scores, _SAME)
        return boxes[kept], scores[kept]

    def _answers(self, network: int, sums: Sums, boxes: _Floats) -> list[_Floats]:
        """A network's answers to boxes, all of which show a part of the picture."""
        edges = _edges(boxes, sums)
        batches = [
            self._networks[network](self._tensor(squares(sums, some, _SIDES_PX[network])))
            for some in np.array_split(edges, -(-len(boxes) // _BATCH), axis=1)
        ]
        return [torch.cat(parts).cpu().numpy() for parts in zip(*batches, strict=True)]

    def _tensor(self, pixels: _Floats) -> torch.Tensor:
        """Pixels (n, h, w, 3) as the networks take them."""
        values = (pixels - np.float32(127.5)) * np.float32(0.0078125)
        return torch.from_numpy(values).permute(0, 3, 1, 2).to(self._device)


def _edges(boxes: _Floats, sums: Sums) -> Edges:
    """Left, top, right and bottom edges (4, n) of the part of each box that is in the picture."""
    left, top, right, bottom = np.trunc(boxes).astype(np.int64).T
    height, width = sums.shape[0] - 1, sums.shape[1] - 1
    near = np.maximum(left - 1, 0), np.maximum(top - 1, 0)
    return np.stack([*near, np.minimum(right, width), np.minimum(bottom, height)])


def _shown(boxes: _Floats, sums: Sums) -> _Floats:
    """The boxes that show a part of the picture."""
    left, top, right, bottom = _edges(boxes, sums)
    return boxes[(right > left) & (bottom > top)]


def _sides(boxes: _Floats) -> _Floats:
    """Widths and heights (n, 2); the second and third network count both edges."""
    return boxes[:, 2:] - boxes[:, :2] + np.float32(1)


def _moved(boxes: _Floats, shifts: _Floats, sides: _Floats) -> _Floats:
    """Boxes whose edges are shifted by parts of their sides."""
    return boxes + shifts * np.concatenate([sides, sides], axis=1)


def _squared(boxes: _Floats) -> _Floats:
    """Squares around the middles of boxes, of their longer sides."""
    sides = boxes[:, 2:] - boxes[:, :2]
    side = sides.max(axis=1, keepdims=True)
    near = boxes[:, :2] + sides * np.float32(0.5) - side * np.float32(0.5)
    return np.concatenate([near, near + side], axis=1)


def _distinct(boxes: _Floats, scores: _Floats, overlap: float) -> NDArray[np.int64]:
    """Indices of the boxes that overlap no better one by more, from the best to the worst."""
    return nms(torch.from_numpy(boxes), torch.from_numpy(scores), overlap).numpy()


def _not_within(boxes: _Floats, scores: _Floats, share: float) -> NDArray[np.int64]:
    """Indices of the boxes of which no better one covers more than a share of the smaller one."""
    areas = np.prod(_sides(boxes), axis=1)
    rest, kept = np.argsort(scores), []
    while len(rest):
        best, rest = rest[-1], rest[:-1]
        kept.append(best)
        near = np.maximum(boxes[best, :2], boxes[rest, :2])
        far = np.minimum(boxes[best, 2:], boxes[rest, 2:])
        shared = np.prod(np.maximum(far - near + np.float32(1), 0), axis=1)
        rest = rest[shared / np.minimum(areas[best], areas[rest]) <= share]
    return np.array(kept, np.int64)

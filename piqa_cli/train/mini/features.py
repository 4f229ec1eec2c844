"""Feature maps of the frozen stages for rated pictures: computed once, kept in the work folder.

The first stages of the backbone are never trained and cost most of a forward pass, so training
starts from their maps. Of a picture's two end squares training sees one, the same in its scene.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.face.boxes import to_working
from piqa_cli.models.catalogue import spec_of
from piqa_cli.models.dn_piqa_mini.network import FROZEN_STAGES
from piqa_cli.models.dn_piqa_mini.views import mini_views
from piqa_cli.models.view_types import Views
from piqa_cli.read.decode import read_photo
from piqa_cli.records import Box
from piqa_cli.settings import DEFAULT_WORKING_SIDE_PX
from piqa_cli.train.array_file import read_arrays, write_arrays
from piqa_cli.train.faces import find_face
from piqa_cli.train.mini.ratings import Rated
from piqa_cli.train.mini.start import MODEL, start_backbone
from piqa_cli.train.parallel import spread
from piqa_cli.weights.store import sha256_of

_PART_ROWS = 48
_BATCH = 8


@dataclass(frozen=True, slots=True)
class Maps:
    """Feature maps and pooled features of n pictures.

    Attributes:
        whole: (n, 40, 48, 48) float16, maps of one square of the whole picture.
        face: (n, 40, 28, 28) float16, maps of the face square.
        early: (n, 2, 160) float32, pooled features of the frozen stages, of whole and face.
        start: (n, 3136) float32, all features of whole and face, with the start weights.
    """

    whole: Tensor
    face: Tensor
    early: Tensor
    start: Tensor

    def part(self, rows: Sequence[int]) -> Maps:
        """Maps of some rows."""
        chosen = torch.as_tensor(rows, dtype=torch.int64)
        return Maps(*(getattr(self, name)[chosen] for name in Maps.__slots__))

    @staticmethod
    def joined(parts: Sequence[Maps]) -> Maps:
        """One after the other."""
        return Maps(
            *(torch.cat([getattr(part, name) for part in parts]) for name in Maps.__slots__)
        )


def frozen_maps(
    rows: Sequence[Rated], cache: Path, *, start: str, workers: int = 1, quiet: bool = False
) -> Maps:
    """Computes the maps of every row, or takes them from an earlier run.

    Args:
        rows: rated pictures.
        cache: folder that keeps the maps; one file a part of 48 rows, written whole.
        start: weights of the frozen stages, see `start_model`.
        workers: processes.
        quiet: no progress bar.

    Raises:
        PiqaError: a picture can't be read.
    """
    cache.mkdir(parents=True, exist_ok=True)
    frozen = _digest_of(start)
    parts = [tuple(rows[at : at + _PART_ROWS]) for at in range(0, len(rows), _PART_ROWS)]
    files = [cache / f"{_name_of(part, frozen)}.npz" for part in parts]
    missing = [pair for pair in zip(parts, files, strict=True) if not pair[1].is_file()]
    work = partial(_compute_part, start=start)
    for _ in spread(work, missing, workers=workers, unit="part", quiet=quiet):
        pass
    return Maps.joined([_load(file) for file in files])


def read_views(row: Rated) -> Views:
    """The network inputs of one rated picture, as `rank` would cut them.

    Raises:
        PiqaError: it can't be read.
    """
    try:
        photo = read_photo(row.file, working_side_px=DEFAULT_WORKING_SIDE_PX)
    except CaptureError as error:
        raise PiqaError(f"can't read {row.file}: {error.reason}") from error
    if row.face is None:
        return mini_views(photo.pixels, None)
    if row.face == "find":
        return mini_views(photo.pixels, find_face(photo.pixels))
    return mini_views(photo.pixels, to_working(Box(*row.face), photo.facts))


def _compute_part(order: tuple[tuple[Rated, ...], Path], start: str) -> None:
    part, target = order
    torch.set_num_threads(1)
    found = [_maps_of(part[at : at + _BATCH], start) for at in range(0, len(part), _BATCH)]
    joined = Maps.joined(found)
    arrays = {name: getattr(joined, name).numpy() for name in Maps.__slots__}
    write_arrays(target, arrays)


def _maps_of(rows: Sequence[Rated], start: str) -> Maps:
    backbone = start_backbone(start)
    views = [read_views(row) for row in rows]
    whole = np.stack([view["whole"][_end_of(row)] for row, view in zip(rows, views, strict=True)])
    face = np.concatenate([view["face"] for view in views])
    with torch.inference_mode():
        whole_maps, whole_early = backbone.lower(torch.from_numpy(whole), FROZEN_STAGES)
        face_maps, face_early = backbone.lower(torch.from_numpy(face), FROZEN_STAGES)
        upper = [backbone.upper(maps, FROZEN_STAGES) for maps in (whole_maps, face_maps)]
    early = torch.stack([whole_early, face_early], dim=1)
    features = torch.cat([whole_early, upper[0], face_early, upper[1]], dim=1)
    return Maps(whole_maps.half(), face_maps.half(), early, features)


def _end_of(row: Rated) -> int:
    """Index of the end square that training sees: the same in all captures of a scene."""
    return hashlib.sha256(row.scene.encode()).digest()[0] % 2


def _load(file: Path) -> Maps:
    stored = read_arrays(file, Maps.__slots__)
    return Maps(*(torch.from_numpy(stored[name]) for name in Maps.__slots__))


def _digest_of(start: str) -> str:
    """SHA-256 of the backbone's weights at the start."""
    digest = hashlib.sha256()
    for value in start_backbone(start).state_dict().values():
        digest.update(value.contiguous().numpy().tobytes())
    return digest.hexdigest()


def _name_of(part: Sequence[Rated], frozen: str) -> str:
    """Names a part by all that its maps depend on."""
    facts = [spec_of(MODEL).preprocessing, frozen]
    for row in part:
        content = sha256_of(row.file) if row.file.is_file() else ""
        facts.append(f"{content}|{row.scene}|{row.face}")
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:24]

"""Simulates a training set: every clean photograph becomes scenes of labelled captures.

OUT/captures.csv            path, scene, label, face_x0 .. face_y1, cost_<fault> ...
OUT/captures/<scene>/NN.jpg, labels.csv (written last: a scene that has it is complete)
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from piqa_cli.atomic import replacing
from piqa_cli.train.faces import FaceSource, load_with_face
from piqa_cli.train.parallel import spread
from piqa_cli.train.photographs import (
    FaceBox,
    face_boxes,
    is_portrait,
    scaled,
)
from piqa_cli.train.simulation.camera import Camera, encode_jpeg, render
from piqa_cli.train.simulation.devices import draw_scene
from piqa_cli.train.simulation.frozen_test import moved_face, training_files
from piqa_cli.train.simulation.graded import draw_graded_scene
from piqa_cli.train.simulation.looks import LOOK_MARK, vary
from piqa_cli.train.simulation.metered import draw_metered_scene
from piqa_cli.train.simulation.severity import label_jod, severities
from piqa_cli.train.simulation.staged import draw_staged_scene

COLUMNS = (
    *("path", "scene", "label", "face_x0", "face_y0", "face_x1", "face_y1"),
    *(f"cost_{fault}" for fault in severities(Camera())),
)

_CLOSE_CONTEST_REACH = 0.6  # phones of one year differ by less than the strongest faults
# The looks of a photograph: kind of its cameras, and True where the scene is reduced after
# JPEG, as a capture of 12 MP is before it is scored: that takes JPEG's traces and softens noise.
_Drawn = Literal["mixed", "close", "staged", "graded", "combined", "metered"]
_LOOKS: tuple[tuple[_Drawn, bool], ...] = (
    ("mixed", False),
    ("close", False),
    ("close", True),
    ("staged", True),
    ("staged", False),
    ("graded", False),
    ("staged", True),
    ("graded", True),
    ("combined", False),
    ("combined", True),
    ("metered", False),
    ("metered", True),
)
_REDUCTIONS = (0.45, 0.9)
_KEPT_QUALITY = 97  # JPEG quality of the reduced file: almost no traces of its own


@dataclass(frozen=True, slots=True)
class _Order:
    """One scene to simulate: all that a worker needs; `face` is `find` where none is given."""

    photograph: Path
    face: FaceSource
    folder: Path
    count: int
    seed: int
    look: int


def simulate(
    photos: Path,
    out: Path,
    *,
    captures_per_photo: int = 8,
    scenes_per_photo: int = 1,
    seed: int = 0,
    workers: int = 1,
    quiet: bool = False,
) -> Path:
    """Simulates the captures of every photograph that is not held out for the frozen test.

    What an earlier, interrupted run with the same seed has finished is kept.

    Args:
        photos: folder of clean photographs; `manifest.csv` there may hold face boxes.
        out: work folder.
        captures_per_photo: captures of each scene.
        scenes_per_photo: scenes of each photograph, in looks that follow one another in `_LOOKS`;
            neighbouring photographs begin with neighbouring looks.
        seed: of cameras, noise and framing.
        workers: processes.
        quiet: no progress bar.

    Returns:
        The path of `captures.csv`.

    Raises:
        PiqaError: no photographs there, or one can't be read.
    """
    orders = _orders(
        photos, out, count=captures_per_photo, scenes_per_photo=scenes_per_photo, seed=seed
    )
    parts = spread(_simulate_scene, orders, workers=workers, unit="scene", quiet=quiet)
    return _join(parts, out / "captures.csv")


def _orders(
    photos: Path, out: Path, *, count: int, scenes_per_photo: int, seed: int
) -> list[_Order]:
    boxes = face_boxes(photos)
    orders = []
    for number, file in enumerate(training_files(photos)):
        for look in ((number + scene) % len(_LOOKS) for scene in range(scenes_per_photo)):
            name = f"{file.stem}{LOOK_MARK}{look}" if look else file.stem
            face: FaceSource = boxes.get(file.name, "find")
            orders.append(_Order(file, face, out / "captures" / name, count, seed, look))
    return orders


def _simulate_scene(order: _Order) -> Path:
    """Renders one scene; its own seed comes from the run's seed and the file's name."""
    labels = order.folder / "labels.csv"
    drawn, is_reduced = _LOOKS[order.look % len(_LOOKS)]
    stamp = f"seed {order.seed}, {order.count} captures, {drawn}, {is_reduced=}"
    if labels.is_file() and labels.read_text(encoding="utf-8").startswith(f"# {stamp}\n"):
        return labels
    order.folder.mkdir(parents=True, exist_ok=True)
    name_seed = int.from_bytes(hashlib.sha256(order.photograph.name.encode()).digest()[:8], "big")
    rng = np.random.default_rng((order.seed, name_seed, *((order.look,) if order.look else ())))
    clean, found = load_with_face(order.photograph, order.face)
    own_light = not order.look or drawn == "metered"
    if order.look:
        clean, found = vary(clean, found, rng=rng, own_light=own_light)
    factor = reduction(order.look, seed=(order.seed, name_seed, order.look))
    portrait = is_portrait(found, clean.shape)
    rows = []
    for number, camera in enumerate(_cameras(order, rng, portrait=portrait)):
        pixels = render(clean, camera, seed=int(rng.integers(2**31)), face=found)
        file = order.folder / f"{number:02d}.jpg"
        file.write_bytes(reduced(encode_jpeg(pixels, camera.jpeg_quality), factor))
        face = scaled(moved_face(found, camera.reframe, clean.shape[:2]), factor)
        path = f"captures/{order.folder.name}/{file.name}"
        costs = [f"{value:.4f}" for value in severities(camera).values()]
        rows.append([path, order.folder.name, f"{label_jod(camera):.4f}", *_cells(face), *costs])
    _write_csv(labels, rows, first_line=f"# {stamp}\n")
    return labels


def _cameras(order: _Order, rng: np.random.Generator, *, portrait: bool) -> list[Camera]:
    match _LOOKS[order.look % len(_LOOKS)]:
        case "staged", _:
            return draw_staged_scene(rng, order.count, portrait=portrait)
        case "graded", _:
            return draw_graded_scene(rng, order.count, portrait=portrait)
        case "metered", _:
            return draw_metered_scene(rng, order.count)
        case "combined", is_reduced:
            reach = _CLOSE_CONTEST_REACH if is_reduced else 1.0
            return draw_scene(rng, order.count, reach=reach, combined=True)
        case "close", _:
            return draw_scene(rng, order.count, reach=_CLOSE_CONTEST_REACH)
        case _:
            return draw_scene(rng, order.count)


def reduction(look: int, *, seed: tuple[int, ...]) -> float:
    """The factor by which a scene's captures are reduced after JPEG; 1 where they aren't."""
    _, is_reduced = _LOOKS[look % len(_LOOKS)]
    if not is_reduced:
        return 1.0
    return float(np.random.default_rng((*seed, 0x5CA1E)).uniform(*_REDUCTIONS))


def reduced(jpeg: bytes, factor: float) -> bytes:
    """A JPEG reduced by a factor, as reading reduces a large capture; 1 leaves it as it is."""
    if factor == 1.0:
        return jpeg
    with Image.open(io.BytesIO(jpeg)) as picture:
        size = (round(picture.width * factor), round(picture.height * factor))
        small = picture.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=_KEPT_QUALITY, subsampling="4:4:4")
    return stream.getvalue()


def _cells(face: FaceBox | None) -> list[str]:
    return [""] * 4 if face is None else [f"{value:.1f}" for value in face]


def _join(parts: Iterable[Path], target: Path) -> Path:
    rows: list[list[str]] = []
    for part in parts:
        with part.open(encoding="utf-8", newline="") as stream:
            rows += list(csv.reader(stream))[2:]
    _write_csv(target, rows)
    return target


def _write_csv(target: Path, rows: list[list[str]], *, first_line: str = "") -> None:
    with replacing(target) as partial, partial.open("w", encoding="utf-8", newline="") as stream:
        stream.write(first_line)
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)

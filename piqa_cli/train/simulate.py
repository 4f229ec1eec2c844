"""Simulates a training set: every clean photograph becomes scenes of labelled captures.

OUT/captures.csv            path, scene, label, face_x0 .. face_y1, cost_<fault> ..., and the light
                            before saturation: light_warmth, _tint, _exposure (blank if regraded)
OUT/captures/<scene>/NN.jpg, labels.csv (written last: a scene that has it is complete)
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from piqa_cli.errors import PiqaError
from piqa_cli.train.camera import Camera, encode_jpeg, label_jod, render, severities
from piqa_cli.train.devices import draw_scene
from piqa_cli.train.faces import find_face
from piqa_cli.train.frozen_test import held_out_files, moved_face
from piqa_cli.train.graded import draw_graded_scene
from piqa_cli.train.looks import LOOK_MARK, vary
from piqa_cli.train.metered import draw_metered_scene
from piqa_cli.train.parallel import spread
from piqa_cli.train.photographs import (
    FaceBox,
    face_boxes,
    is_portrait,
    list_photographs,
    load_clean,
    scaled,
)
from piqa_cli.train.staged import draw_staged_scene

COLUMNS = (
    *("path", "scene", "label", "face_x0", "face_y0", "face_x1", "face_y1"),
    *(f"cost_{fault}" for fault in severities(Camera())),
    *("light_warmth", "light_tint", "light_exposure"),
)

_CLOSE_CONTEST_REACH = 0.6  # phones of one year differ by less than the strongest faults
# The looks of a photograph: how its cameras are drawn, and whether the scene is reduced after
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
_RATED_LOOK = _LOOKS.index(("metered", False))  # rated photographs have faults of their own
_REDUCTIONS = (0.45, 0.9)
_KEPT_QUALITY = 97  # of the reduced file: next to no traces of its own


@dataclass(frozen=True, slots=True)
class _Order:
    """One scene to simulate: all that a worker needs; `face` is `find` where nobody has said."""

    photograph: Path
    face: FaceBox | str | None
    folder: Path
    count: int
    seed: int
    look: int


def simulate(
    photos: Path,
    out: Path,
    *,
    captures_per_photo: int = 12,
    scenes_per_photo: int = 1,
    seed: int = 0,
    workers: int = 1,
    quiet: bool = False,
    rated: Sequence[Path] = (),
) -> Path:
    """Simulates the captures of every photograph that is not held out for the frozen test.

    What an earlier, interrupted run with the same seed has finished is kept.

    Args:
        photos: folder of clean photographs; `manifest.csv` there may say where faces are.
        out: work folder.
        captures_per_photo: captures of each scene.
        scenes_per_photo: the first scene of a photograph shows it as it is, each other one in a
            look of its own; `_LOOKS` says how their cameras are drawn: mixed faults of any
            strength, close contests, as test labs stage them, single faults in grades, faults
            in any combination, or light metered wrongly.
        seed: of cameras, noise and framing.
        workers: processes.
        quiet: no progress bar.
        rated: other photographs, not clean; each becomes one scene whose light is metered wrongly.

    Returns:
        The path of `captures.csv`.

    Raises:
        PiqaError: no photographs there, one can't be read, or two of `rated` have the same name.
    """
    orders = [
        order
        for look in range(scenes_per_photo)
        for order in _orders(photos, out, count=captures_per_photo, seed=seed, look=look)
    ]
    orders += _rated_orders(rated, out, count=captures_per_photo, seed=seed)
    parts = spread(_simulate_scene, orders, workers=workers, unit="scene", quiet=quiet)
    return _join(parts, out / "captures.csv")


def _orders(photos: Path, out: Path, *, count: int, seed: int, look: int) -> list[_Order]:
    held_out = {file.name for file in held_out_files(photos)}
    boxes = face_boxes(photos)
    return [
        _Order(
            photograph=file,
            face=boxes.get(file.name, "find"),
            folder=out / "captures" / (f"{file.stem}{LOOK_MARK}{look}" if look else file.stem),
            count=count,
            seed=seed,
            look=look,
        )
        for file in list_photographs(photos)
        if file.name not in held_out
    ]


def _rated_orders(files: Sequence[Path], out: Path, *, count: int, seed: int) -> list[_Order]:
    for name, times in Counter(file.stem for file in files).items():
        if times > 1:
            raise PiqaError(f"two rated photographs are called {name}: rename one")
    return [
        _Order(
            photograph=file,
            face="find",
            folder=out / "captures" / f"rated-{file.stem}{LOOK_MARK}{_RATED_LOOK}",
            count=count,
            seed=seed,
            look=_RATED_LOOK,
        )
        for file in files
    ]


def _simulate_scene(order: _Order) -> Path:
    """Renders one scene; its own seed comes from the run's seed and the file's name."""
    labels = order.folder / "labels.csv"
    drawn, is_reduced = _LOOKS[order.look % len(_LOOKS)]
    stamp = f"seed {order.seed}, {order.count} captures, {drawn}, {is_reduced=}, light and exposure"
    if labels.is_file() and labels.read_text(encoding="utf-8").startswith(f"# {stamp}\n"):
        return labels
    order.folder.mkdir(parents=True, exist_ok=True)
    name_seed = int.from_bytes(hashlib.sha256(order.photograph.name.encode()).digest()[:8], "big")
    rng = np.random.default_rng((order.seed, name_seed, *((order.look,) if order.look else ())))
    clean = load_clean(order.photograph)
    found = find_face(clean) if isinstance(order.face, str) else order.face
    own_light = not order.look or drawn == "metered"
    warmth = 0.0
    if order.look:
        clean, found, warmth = vary(clean, found, rng=rng, own_light=own_light)
    factor = reduction(order.look, seed=(order.seed, name_seed, order.look))
    portrait = is_portrait(found, clean.shape)
    rows = []
    for number, camera in enumerate(_cameras(order, rng, portrait=portrait)):
        pixels = render(clean, camera, seed=int(rng.integers(2**31)), face=found)
        file = order.folder / f"{number:02d}.jpg"
        file.write_bytes(reduced(encode_jpeg(pixels, camera.jpeg_quality), factor))
        face = scaled(moved_face(found, camera.reframe, clean.shape[:2]), factor)
        path = f"captures/{order.folder.name}/{file.name}"
        light = (camera.warmth + warmth, camera.tint)
        known = [f"{value:.4f}" for value in (*severities(camera).values(), *light)]
        known.append(f"{camera.exposure_ev:.4f}" if own_light else "")
        rows.append([path, order.folder.name, f"{label_jod(camera):.4f}", *_cells(face), *known])
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
    partial = target.with_name(target.name + ".part")
    with partial.open("w", encoding="utf-8", newline="") as stream:
        stream.write(first_line)
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    partial.replace(target)

"""The frozen test: held-out photographs, devices and seeds, fixed before the first training."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from piqa_cli.errors import PiqaError
from piqa_cli.train.faces import find_face
from piqa_cli.train.photographs import FaceBox, by_hash, list_photographs, load_clean
from piqa_cli.train.simulation.camera import Camera, capture, jitter
from piqa_cli.train.simulation.severity import label_jod

_FILE = Path(__file__).with_suffix(".json")
_LARGEST_SHARE = 0.2  # largest part of another folder of photographs held out for its own test


@dataclass(frozen=True, slots=True)
class FrozenTest:
    """Content of the frozen test.

    Attributes:
        photographs: file name and face box (x0, y0, x1, y1), or None without a face.
        devices: cameras by name.
        takes: captures of each photograph by each device.
        capture_seed: start of the seeds of noise, framing and takes.
    """

    photographs: dict[str, FaceBox | None]
    devices: dict[str, Camera]
    takes: int
    capture_seed: int


@dataclass(frozen=True, slots=True)
class FrozenCapture:
    """One simulated capture.

    Attributes:
        scene: file name of the clean photograph.
        device, take: who took it, and which time, counted from 0.
        pixels: (H, W, 3) uint8 sRGB, after JPEG.
        file_bytes: of the JPEG.
        face: box in pixels of the capture, or None.
        label: in JOD, higher is better, at most 0.
    """

    scene: str
    device: str
    take: int
    pixels: NDArray[np.uint8]
    file_bytes: int
    face: FaceBox | None
    label: float


def load_frozen_test() -> FrozenTest:
    """Reads the committed test."""
    stored = json.loads(_FILE.read_text(encoding="utf-8"))
    return FrozenTest(
        photographs={
            name: (None if box is None else (box[0], box[1], box[2], box[3]))
            for name, box in stored["photographs"].items()
        },
        devices={name: Camera(**values) for name, values in stored["devices"].items()},
        takes=stored["takes"],
        capture_seed=stored["capture_seed"],
    )


def held_out_files(photos: Path) -> list[Path]:
    """The photographs of a folder that only the test may use.

    Those that the frozen test names, where the folder has them; in any other folder those with
    the smallest SHA-256 of their names: as many as the frozen test has, a fifth at most.

    Raises:
        PiqaError: fewer than five photographs in the folder.
    """
    files = {file.name: file for file in list_photographs(photos)}
    frozen = load_frozen_test().photographs
    named = [name for name in frozen if name in files]
    share = min(len(frozen), int(len(files) * _LARGEST_SHARE))
    if not named and not share:
        raise PiqaError(f"too few photographs in {photos}: a test needs at least 5")
    return [files[name] for name in named or by_hash(files)[:share]]


def training_files(photos: Path) -> list[Path]:
    """The photographs of a folder that training may use: all that the test doesn't.

    Raises:
        PiqaError: as `held_out_files`.
    """
    held_out = {file.name for file in held_out_files(photos)}
    return [file for file in list_photographs(photos) if file.name not in held_out]


def frozen_scene(file: Path, number: int) -> Iterator[FrozenCapture]:
    """Renders the test's captures of one photograph: devices x takes.

    Args:
        file: the photograph, and
        number: its place in `held_out_files`, on which the seeds depend.

    Raises:
        PiqaError: the photograph can't be read.
    """
    test = load_frozen_test()
    clean = load_clean(file)
    face = test.photographs[file.name] if file.name in test.photographs else find_face(clean)
    for index, (device, camera) in enumerate(test.devices.items()):
        for take in range(test.takes):
            seed = test.capture_seed + (number * len(test.devices) + index) * test.takes + take
            taken = jitter(camera, seed)
            pixels, file_bytes = capture(clean, taken, seed=seed)
            box = moved_face(face, taken.reframe, clean.shape[:2])
            yield FrozenCapture(file.name, device, take, pixels, file_bytes, box, label_jod(taken))


def moved_face(face: FaceBox | None, reframe: float, size: tuple[int, ...]) -> FaceBox | None:
    """Face box after reframing, taking the mean framing (off by half of it at most)."""
    if face is None:
        return None
    lost_y, lost_x = size[0] * reframe / 2, size[1] * reframe / 2
    return face[0] - lost_x, face[1] - lost_y, face[2] - lost_x, face[3] - lost_y

"""Runs as `rank` writes them, from tiny drawn pictures and scores that are written down here."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from piqa_cli.finish import Begun, Clock, finish
from piqa_cli.natural import natural_path
from piqa_cli.records import (
    Box,
    Capture,
    Discovery,
    Exif,
    Face,
    Failed,
    Findings,
    PhotoFacts,
    Prediction,
    SceneInfo,
    Scored,
    Skipped,
)
from piqa_cli.runs.folder import PICTURES, prepare_out
from piqa_cli.runs.log import StageWatch, no_note
from piqa_cli.runs.pictures import save_face, save_pictures
from piqa_cli.settings import FindSettings, RunSettings
from tests.runs.samples import MODEL, recipe

HOSTILE = (
    "<script>document.title='taken'</script>",
    "\"quotes\" & 'ticks' <b>",
    "مصنع الهاتف",
    "📷 phone \u202eturned",
    "x" * 200,
)
QUALITY = {"Aster One": 1.2, "Birch 12 Pro": 0.4, "Cedar X": 0.1, "Dune Lite": -1.4}
SCENES = {
    "hall": SceneInfo("hall", "Entrance hall", "Indoor"),
    "park": SceneInfo("park", "Park bench", "Outdoor"),
    "night": SceneInfo("night", "Street at night", "Night", "Tripod, 2 lux"),
}
_SIZE = (240, 180)
STARTED_AT = "2026-01-30T02:00:00+00:00"


def lab_run(folder: Path, *, better: str | None = None) -> Path:
    """Four devices, three scenes, two takes; one capture failed, one device lacks a scene.

    `better` names a device that gains in this run, save in the park.
    """
    results = [
        scored(scene, device, take=take, gain=1.0 if device == better and scene != "park" else 0.0)
        for scene in SCENES
        for device in QUALITY
        for take in (1, 2)
        if (scene, device) != ("night", "Cedar X")
    ]
    broken = Capture("park/Aster One/3.jpg", Path("3.jpg"), "park", "Aster One", take="3")
    failed = Failed(broken, "read", "truncated JPEG: 1,204 bytes are missing")
    return write(folder, [*results, failed], scenes=SCENES)


def hostile_run(folder: Path) -> Path:
    """Devices, scenes and files whose names are meant to break pages."""
    results = [
        scored(
            f"scene {name}", f"device {name[::-1]}" if n % 2 else name, take=1, file=f"{name}.jpg"
        )
        for name in HOSTILE
        for n in range(2)
    ]
    return write(folder, results)


def large_run(folder: Path, *, devices: int = 40, scenes: int = 12) -> Path:
    """Many devices and scenes, without pictures."""
    results = [
        scored(f"scene {s}", f"Maker phone {d}", take=1)
        for s in range(1, scenes + 1)
        for d in range(1, devices + 1)
    ]
    return write(folder, results, pictures=False)


def many_devices_run(folder: Path) -> Path:
    """Twelve devices in one scene, with EXIF and pictures."""
    return write(folder, [scored("hall", f"Maker-{n} phone", take=1) for n in range(1, 13)])


def scored(
    scene: str, device: str, *, take: int, file: str | None = None, gain: float = 0.0
) -> Scored:
    """A scored capture; what chance would add depends on its path alone."""
    path = f"{scene}/{device}/{file or f'{take}.jpg'}"
    capture = Capture(
        path,
        Path(path),
        scene,
        device,
        condition=SCENES[scene].condition if scene in SCENES else None,
        take=str(take),
    )
    luck = _luck(path)
    score = 5 + QUALITY.get(device, 2 * _luck(device)) + 0.6 * luck + gain
    return Scored(
        capture,
        _facts(f"{path} {gain or ''}", device, luck),
        Face(Box(90.0, 40.0, 150.0, 120.0), 0.99, 1, "detect"),
        Prediction(round(score, 3), (round(score - 0.1, 3), round(score + 0.1, 3))),
    )


def write(
    folder: Path,
    results: Sequence[Scored | Failed],
    *,
    scenes: Mapping[str, SceneInfo] | None = None,
    pictures: bool = True,
) -> Path:
    """Writes a run through the door that `rank` uses, save that nothing was scored."""
    prepare_out(folder)
    results = sorted(results, key=lambda result: natural_path(result.capture.path))
    if pictures:
        for result in results:
            if isinstance(result, Scored):
                _draw(result, folder / PICTURES)
    paths = {result.capture.path: result for result in results}
    discovery = Discovery(
        tuple(result.capture for result in results),
        skipped=(Skipped("park/notes.txt", "is no picture: text"),),
        scenes=dict(scenes or {}),
    )
    finish(
        RunSettings(find=FindSettings(Path("captures")), out=folder),
        Begun(discovery, None, None, Clock(STARTED_AT, 0.0), StageWatch(no_note)),
        Findings(
            results=tuple(results),
            source=MODEL,
            recipe=recipe(),
            fingerprints={path: _hash(path) for path in paths},
        ),
    )
    return folder


def _facts(path: str, device: str, luck: float) -> PhotoFacts:
    iso = float(100 * 2 ** round(2 + 2 * luck))
    return PhotoFacts(
        sha256=_hash(path),
        bytes=2_345_678,
        format="jpeg",
        decoder="pillow 13.0.0",
        width_px=_SIZE[0],
        height_px=_SIZE[1],
        working_width_px=_SIZE[0],
        working_height_px=_SIZE[1],
        bit_depth=8,
        icc_profile=None,
        has_gain_map=False,
        exif=Exif(
            make=device.split()[0],
            model=device,
            exposure_time_s=1 / 60,
            iso=iso,
            aperture_f_number=1.8,
            focal_length_35mm_mm=24.0,
            ev100=round(math.log2(1.8**2 * 60) - math.log2(iso / 100), 2),
        ),
    )


def _draw(result: Scored, folder: Path) -> None:
    """A gradient with a light square where the face is."""
    x, y = np.meshgrid(np.linspace(0, 120, _SIZE[0]), np.linspace(0, 100, _SIZE[1]))
    shade = 60 * _luck(result.facts.sha256)
    pixels = np.stack([60 + x, 60 + y, 120 + shade + 0 * x], axis=2).clip(0, 255).astype(np.uint8)
    pixels[40:120, 90:150] = (222, 184, 160)
    save_pictures(pixels, result.facts.sha256, folder)
    if result.face.box is not None:
        save_face(pixels, result.face.box, result.facts.sha256, folder)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _luck(text: str) -> float:
    """A number of -1..1 that depends on the text alone."""
    return int(_hash(text)[:8], 16) / 0x7FFFFFFF - 1

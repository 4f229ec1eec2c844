"""Makes a sample set: renders its devices' captures from source photographs, with EXIF.

    python sample_sets/build.py sample_sets/portraits-mini \
        studio=skimage:astronaut cafe-table=skimage:coffee doorway-close=30cm.jpg ...

The set's `sample_set.toml` says which photograph each scene shows (with the SHA-256 of its
pixels), which camera each device is and which files are special; nothing else decides the bytes,
so the same call gives the same pictures. Scenes that aren't named in the call are left alone.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tomllib
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.TiffImagePlugin import IFDRational

from piqa_cli.train.simulation.camera import Camera, jitter, render
from piqa_cli.train.simulation.severity import label_jod

TAKES = (1, 2)
HEIC_QUALITY = 80
ON_ITS_SIDE = 6  # EXIF orientation: turn by 90 degrees clockwise to see it upright


@dataclass(frozen=True, slots=True)
class Shot:
    """One capture to be made.

    Attributes:
        scene, device: their tables of `sample_set.toml`.
        nth_scene: position of the scene in the set, from 0.
        take: 1 or 2.
    """

    scene: dict[str, Any]
    device: dict[str, Any]
    nth_scene: int
    take: int

    @property
    def name(self) -> str:
        """`scene/device/take`: what `special` calls it, and the source of its randomness."""
        return f"{self.scene['name']}/{self.device['name']}/{self.take}"

    @property
    def seed(self) -> int:
        """Of noise, hand and framing."""
        return zlib.crc32(self.name.encode())

    @property
    def taken(self) -> datetime:
        """Local time of the capture; within minutes in a scene, takes 4 s apart."""
        start: datetime = self.scene["taken"]
        wait_s = zlib.crc32(self.name.rpartition("/")[0].encode()) % 400
        return start + timedelta(seconds=wait_s + 4 * self.take)


def camera_of(device: dict[str, Any]) -> Camera:
    """The camera that a device of `sample_set.toml` is."""
    return Camera(**device["camera"])


def shots(sample_set: dict[str, Any]) -> list[Shot]:
    """Every capture of a set, scene by scene; the missing cell is left out."""
    return [
        Shot(scene, device, nth_scene, take)
        for nth_scene, scene in enumerate(sample_set["scenes"])
        for device in sample_set["devices"]
        for take in TAKES
        if f"{scene['name']}/{device['name']}" != sample_set["special"]["missing"]
    ]


def picture(clean: NDArray[np.uint8], shot: Shot) -> NDArray[np.uint8]:
    """Renders one capture.

    Args:
        clean: (H, W, 3) uint8 sRGB source photograph.
        shot: which scene, device and take.

    Returns:
        (H, W, 3) uint8 sRGB, some per cent smaller: every take is framed anew.
    """
    return render(clean, jitter(camera_of(shot.device), shot.seed), seed=shot.seed)


def exif_of(shot: Shot, size: tuple[int, int], *, orientation: int) -> Image.Exif:
    """EXIF that the phone writes beside its pixels; exposure follows the light of the scene.

    Args:
        shot: which scene, device and take.
        size: stored width and height in pixels.
        orientation: the EXIF orientation tag.
    """
    facts, time = shot.device["exif"], f"{shot.taken:%Y:%m:%d %H:%M:%S}"
    exposure_s, iso, bias_ev = _exposure(shot)
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = facts["make"], facts["model"]
    exif[Base.Software], exif[Base.DateTime] = facts["software"], time
    exif[Base.Orientation] = orientation
    exif.get_ifd(IFD.Exif).update(
        {
            Base.ExposureTime: IFDRational(exposure_s),
            Base.FNumber: IFDRational(Fraction(str(facts["f_number"]))),
            Base.ISOSpeedRatings: iso,
            Base.ExposureBiasValue: IFDRational(bias_ev),
            Base.ExposureProgram: 2,  # normal program
            Base.MeteringMode: 2,  # centre-weighted
            Base.Flash: 16,  # off
            Base.WhiteBalance: 0,  # automatic
            Base.FocalLength: IFDRational(Fraction(str(facts["focal_length_mm"]))),
            Base.FocalLengthIn35mmFilm: facts["focal_length_35mm_mm"],
            Base.LensMake: facts["make"],
            Base.LensModel: facts["lens"],
            Base.DateTimeOriginal: time,
            Base.DateTimeDigitized: time,
            Base.ColorSpace: 1,  # sRGB
            Base.ExifVersion: b"0232",
            Base.ExifImageWidth: size[0],
            Base.ExifImageHeight: size[1],
        }
    )
    return exif


def _exposure(shot: Shot) -> tuple[Fraction, int, Fraction]:
    """Exposure time (s), ISO and bias (EV) that suit the light: N^2 / t = 2^EV100 ISO / 100."""
    facts, camera = shot.device["exif"], camera_of(shot.device)
    light_ev = shot.scene["ev100"] - camera.exposure_ev + 0.15 * (shot.take - 1.5)
    wanted_s_iso = 100 * facts["f_number"] ** 2 / 2**light_ev
    exposure_s = min(wanted_s_iso / facts["base_iso"], facts["longest_s"])
    exposure = Fraction(1, round(1 / exposure_s))
    return exposure, round(wanted_s_iso / exposure), Fraction(round(camera.exposure_ev * 10), 10)


def file_of(shot: Shot, *, heic: bool) -> str:
    """Path of a capture inside the set, named the way its phone names files."""
    number = shot.device["first_number"] + 7 * shot.nth_scene + shot.take
    name = Path(shot.device["file_name"].format(number=number, taken=shot.taken))
    name = name.with_suffix(".heic") if heic else name
    return f"{shot.scene['name']}/{shot.device['name']}/{name}"


def write_capture(folder: Path, shot: Shot, clean: NDArray[np.uint8], special: Any) -> Path:
    """Renders one capture and writes it as JPEG, or as HEIC where the set says so.

    Args:
        folder: of the set.
        shot: which capture.
        clean: (H, W, 3) uint8 source photograph.
        special: the table `special` of the set.
    """
    heic, rotated = shot.name == special["heic"], shot.name == special["rotated"]
    pixels = picture(clean, shot)
    stored = Image.fromarray(np.rot90(pixels) if rotated else pixels)
    exif = exif_of(shot, stored.size, orientation=ON_ITS_SIDE if rotated else 1)
    file = folder / file_of(shot, heic=heic)
    file.parent.mkdir(parents=True, exist_ok=True)
    if heic:
        import pillow_heif

        pillow_heif.register_heif_opener()
        stored.save(file, "HEIF", quality=HEIC_QUALITY, exif=exif.tobytes())
    else:
        quality = camera_of(shot.device).jpeg_quality
        stored.save(file, "JPEG", quality=quality, subsampling="4:2:0", exif=exif)
    return file


def load_photo(source: str) -> NDArray[np.uint8]:
    """Pixels of a source photograph, (H, W, 3) uint8: a file, or `skimage:NAME`."""
    if source.startswith("skimage:"):
        from skimage import data

        return np.asarray(getattr(data, source.removeprefix("skimage:"))())
    with Image.open(source) as photo:
        return np.asarray(photo.convert("RGB"))


def pixels_sha256(pixels: NDArray[np.uint8]) -> str:
    """SHA-256 of the pixels, row by row: a photograph's identity whatever file it came in."""
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()


def load_set(folder: Path) -> dict[str, Any]:
    """Reads `sample_set.toml` of a set."""
    return tomllib.loads((folder / "sample_set.toml").read_text(encoding="utf-8"))


def wrong_labels(sample_set: dict[str, Any]) -> list[str]:
    """Devices whose stated `label_jod` isn't their camera's, each as a line to print."""
    return [
        f"{device['name']}: label_jod is {device['label_jod']}, its camera's is {label:.2f}"
        for device in sample_set["devices"]
        if abs(device["label_jod"] - (label := label_jod(camera_of(device)))) > 0.005
    ]


def main(arguments: list[str]) -> None:
    """Makes the scenes that were named; stops before writing if the set's facts don't hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path, help="of the set, with its sample_set.toml")
    parser.add_argument("photos", nargs="+", metavar="SCENE=PHOTO", help="file or skimage:NAME")
    options = parser.parse_args(arguments)
    sample_set = load_set(options.folder)
    sources = {scene["name"]: scene for scene in sample_set["scenes"]}
    photos = {}
    for pair in options.photos:
        scene, _, source = pair.partition("=")
        if scene not in sources:
            parser.error(f"no scene {scene!r} in the set: it has {', '.join(sources)}")
        photos[scene] = load_photo(source)
        if (found := pixels_sha256(photos[scene])) != sources[scene]["sha256"]:
            parser.error(f"{source} is another photograph than the set's: SHA-256 {found}")
    if lines := wrong_labels(sample_set):
        parser.error("; ".join(lines))
    for shot in shots(sample_set):
        if (clean := photos.get(shot.scene["name"])) is not None:
            print(write_capture(options.folder, shot, clean, sample_set["special"]))


if __name__ == "__main__":
    main(sys.argv[1:])

"""PIQ23 (Chahine et al. 2023) as DXOMARK hands it out: its CSVs and the pictures they name."""

from __future__ import annotations

import math
import os
import posixpath
from collections.abc import Mapping
from pathlib import Path

from piqa_cli.discover.names import as_label
from piqa_cli.discover.sheet import Row, read_sheet
from piqa_cli.errors import PiqaError
from piqa_cli.records import Capture
from piqa_cli.train.material import Attribute, Material, Rated, Split

_PICTURES = (".jpg", ".jpeg", ".tif", ".tiff", ".png")
_SPLITS = ("train", "test")


def read_piq23(root: Path, attribute: Attribute, split: Split) -> Material:
    """The training and the test pictures of an official split, with their JODs.

    Takes the ready-made `SceneSplit_Train_Scores_Overall.csv` and the like where they lie
    anywhere inside, else `Scores_Overall.csv` with `Scene Split.csv` or `Device Split.csv`.
    A scene is recognised by its whole name: `Indoor_Scene_1` is not `Indoor_Scene_12`.

    Raises:
        PiqaError: files, columns or pictures are missing, or a JOD is no number.
    """
    if not root.is_dir():
        raise PiqaError(
            f"{root} is no folder: give the folder of PIQ23, with its CSVs and pictures"
        )
    csvs, pictures = _walk(root)
    devices = _devices(csvs)
    files = {part: csvs.get(f"{split}split{part}scores{attribute}") for part in _SPLITS}
    parts: dict[str, list[Rated]] = {part: [] for part in _SPLITS}
    lost: list[str] = []
    if all(files.values()):
        rows = [(file, row, part) for part, file in files.items() if file for row in _rows(file)]
    else:
        rows = _split_by_hand(root, csvs, attribute=attribute, split=split)
    for file, row, part in rows:
        name = _name(row, file)
        picture = _find(pictures, name, attribute)
        if picture is None:
            lost.append(f"{name} ({file.name}, {row.place})")
            continue
        scene = _text(row, "scene", file=file)
        device = devices.get(posixpath.basename(name).lower(), "")
        path = picture.relative_to(root).as_posix()
        capture = Capture(path, picture, as_label(scene), device)
        parts[part].append(Rated(capture, _jod(row, file)))
    if lost:
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        raise PiqaError(f"{root} lacks the picture {lost[0]}{more}: is PIQ23 unpacked whole?")
    return Material(tuple(parts["train"]), tuple(parts["test"]), by_scene=split == "scene")


def _walk(root: Path) -> tuple[dict[str, Path], dict[str, list[Path]]]:
    """CSVs by name in small letters without blanks and `_`; pictures by name in small letters."""
    csvs: dict[str, Path] = {}
    pictures: dict[str, list[Path]] = {}
    met: set[str] = set()
    for folder, folders, names in os.walk(root, followlinks=True):
        if os.path.realpath(folder) in met:  # links form a ring
            folders.clear()
            continue
        met.add(os.path.realpath(folder))
        folders.sort()
        for name in sorted(names):
            stem, suffix = posixpath.splitext(name.lower())
            if suffix == ".csv":
                csvs.setdefault(stem.replace(" ", "").replace("_", ""), Path(folder, name))
            elif suffix in _PICTURES:
                for key in {name.lower(), stem}:
                    pictures.setdefault(key, []).append(Path(folder, name))
    return csvs, pictures


def _rows(file: Path) -> tuple[Row, ...]:
    return tuple(read_sheet(file, ("jod", "scene"), ("image path", "image")))


def _split_by_hand(
    root: Path, csvs: Mapping[str, Path], *, attribute: Attribute, split: Split
) -> list[tuple[Path, Row, str]]:
    """The rows of the scores file, each with its part in the split file."""
    scores, split_file = csvs.get(f"scores{attribute}"), csvs.get(f"{split}split")
    if scores is None or split_file is None:
        lacking = f"Scores_{attribute.title()}" if scores is None else f"{split} split".title()
        raise PiqaError(
            f"{root} holds no {lacking}.csv: put the CSVs of PIQ23 "
            "(github.com/DXOMARK-Research/PIQ2023) beside its pictures"
        )
    key = "scene" if split == "scene" else "image"
    part_of = {
        _key(_text(row, key, file=split_file)): _text(row, "split", file=split_file).lower()
        for row in read_sheet(split_file, (key, "split"), ())
    }
    found = []
    for row in _rows(scores):
        name = _text(row, "scene", file=scores) if split == "scene" else _name(row, scores)
        part = part_of.get(_key(name))
        if part not in _SPLITS:
            raise PiqaError(f"{split_file}: {name} is neither train nor test")
        found.append((scores, row, part))
    return found


def _devices(csvs: Mapping[str, Path]) -> dict[str, str]:
    """The device of a picture, spellings made one; nothing without the metadata file."""
    file = csvs.get("imagemetadata")
    if file is None:
        return {}
    return {
        _key(_text(row, "image", file=file)): "".join(
            letter for letter in _text(row, "device", file=file).lower() if letter.isalnum()
        )
        for row in read_sheet(file, ("image", "device"), ())
    }


def _find(pictures: Mapping[str, list[Path]], name: str, attribute: Attribute) -> Path | None:
    """The picture of a name, of the attribute's own folder where there is one."""
    base = posixpath.basename(name).lower()
    found = pictures.get(base) or pictures.get(posixpath.splitext(base)[0], [])
    return min(found, key=lambda file: file.parent.name.lower() != attribute, default=None)


def _name(row: Row, file: Path) -> str:
    """The picture's path in a row, with `/`."""
    for column in ("image path", "image"):
        if row.cells.get(column):
            return str(row.cells[column]).replace("\\", "/")
    raise PiqaError(f"{file}, {row.place}: no IMAGE PATH and no IMAGE")


def _key(name: str) -> str:
    return posixpath.basename(name.replace("\\", "/")).strip().lower()


def _text(row: Row, column: str, *, file: Path) -> str:
    text = str(row.cells.get(column, "")).strip()
    if not text:
        raise PiqaError(f"{file}, {row.place}: {column.upper()} is blank")
    return text


def _jod(row: Row, file: Path) -> float:
    text = _text(row, "jod", file=file)
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not math.isfinite(value):
        raise PiqaError(f"{file}, {row.place}: JOD is {text!r}, not a number")
    return value

"""Walks a folder tree in natural order; links that lead back to a folder above end there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from piqa_cli.natural import natural

# What file managers and network drives leave behind; @eaDir even holds thumbnails as JPEG.
_LITTER = frozenset("thumbs.db ehthumbs.db desktop.ini @eadir __macosx $recycle.bin".split())
# A run writes these; with `-o` inside the captures folder they'd come back as captures.
_RUN_FILES = ("run.json", "captures.parquet")
_RUN_PICTURE = re.compile(r"[0-9a-f]{64}-(320|full|face)\.webp")
_MAX_DEPTH = 64  # folders; nobody sorts captures deeper, and each costs stack


@dataclass(frozen=True, slots=True)
class Met:
    """One file met on the walk, or a folder that couldn't be entered.

    Attributes:
        parts: names from the root to the file.
        file: where it lies.
        closed: why a folder couldn't be entered; None: it's a file.
    """

    parts: tuple[str, ...]
    file: Path
    closed: str | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """All files below a root in natural order, folder by folder.

    Attributes:
        met: the files, and the folders that couldn't be entered.
        ignored: how many hidden files and folders, litter and finished runs were passed over.
        scene_files: the scene.toml met, which describe scenes; not among `met`.
    """

    met: tuple[Met, ...]
    ignored: int
    scene_files: tuple[Met, ...]


def walk_tree(root: Path) -> Tree:
    """Lists a tree. Hidden files and folders, litter and finished runs are only counted.

    Raises:
        OSError: the root itself can't be read.
    """
    met: list[Met] = []
    scene_files: list[Met] = []
    ignored = 0
    for item in _walk(root, (), (os.path.realpath(root),)):
        if item is None:
            ignored += 1
        elif item.parts[-1] == "scene.toml" and item.closed is None:
            scene_files.append(item)
        else:
            met.append(item)
    return Tree(tuple(met), ignored, tuple(scene_files))


def _walk(folder: Path, parts: tuple[str, ...], above: tuple[str, ...]) -> Iterator[Met | None]:
    """Yields what lies in a folder; None for each thing that is only counted.

    Args:
        folder: where to look.
        parts: names from the root to it.
        above: real paths of it and of the folders above it, which no link may enter again.
    """
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: natural(entry.name))
    for entry in found:
        item = Met((*parts, entry.name), folder / entry.name)
        if _is_litter(entry.name):
            yield None
        elif not _is_folder(entry):
            yield item
        elif _is_run(item.file):
            yield None
        else:
            yield from _enter(item, above)


def _enter(item: Met, above: tuple[str, ...]) -> Iterator[Met | None]:
    """Walks a subfolder; one that can't be entered is a row of its own, never a crash."""
    real = os.path.realpath(item.file)
    if real in above:
        yield Met(item.parts, item.file, "a link back to a folder above it")
        return
    if len(item.parts) > _MAX_DEPTH:
        yield Met(item.parts, item.file, f"nested deeper than {_MAX_DEPTH} folders")
        return
    try:
        yield from _walk(item.file, item.parts, (*above, real))
    except OSError as error:
        yield Met(item.parts, item.file, f"folder can't be opened: {error.strerror}")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself: a row, like every file that can't be opened
        return False


def _is_run(folder: Path) -> bool:
    try:
        return all((folder / name).is_file() for name in _RUN_FILES)
    except OSError:  # a closed folder
        return False


def _is_litter(name: str) -> bool:
    return name.startswith(".") or name.lower() in _LITTER or bool(_RUN_PICTURE.fullmatch(name))

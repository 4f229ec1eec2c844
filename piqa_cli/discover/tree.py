"""Walks a folder tree in natural order; links that lead back to a folder above end there."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from piqa_cli.natural import natural
from piqa_cli.remote import AnyPath

# What file managers and network drives leave behind; @eaDir even holds thumbnails as JPEG.
_LITTER = frozenset(
    "thumbs.db ehthumbs.db desktop.ini @eadir #recycle __macosx $recycle.bin lost+found".split()
) | {"system volume information"}
# A run or a comparison writes these; with `-o` inside the captures folder they'd come back as
# captures.
_OUTPUT_FILES = (
    ("run.json", "captures.parquet"),
    ("compare.json", "compare_captures.parquet"),
)
_RUN_LOCK = ".run-lock"
_RUN_PICTURE = re.compile(r"(new-)?[0-9a-f]{64}-(320|full|face[0-9a-f]*)\.webp")
_MAX_DEPTH = 64  # folders; nobody sorts captures deeper, and each costs stack


Parts = tuple[str, ...]
"""Names from the root to a file or folder."""


@dataclass(frozen=True, slots=True)
class Met:
    """One file met on the walk, or a folder that couldn't be entered.

    Attributes:
        parts: where it was met.
        file: where it lies.
        closed: why a folder couldn't be entered; None: it's a file.
        is_unreadable: True for a folder that the system refuses, or that fails on the disk.
    """

    parts: Parts
    file: AnyPath
    closed: str | None = None
    is_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """All files below a root in natural order, folder by folder.

    Attributes:
        met: the files, and the folders that couldn't be entered.
        ignored: how many hidden files and folders, litter and finished runs were passed over.
        scene_files: the scene.toml met, which describe scenes; not among `met`.
        folders: those that were entered.
        outputs: those that runs and comparisons wrote, finished or not.
    """

    met: tuple[Met, ...]
    ignored: int
    scene_files: tuple[Met, ...]
    folders: tuple[Parts, ...] = ()
    outputs: tuple[Parts, ...] = ()

    @classmethod
    def of(cls, items: Iterable[Met | None], folders: Folders) -> Tree:
        """The tree of what was met, None for each thing that is only counted.

        Args:
            items: what was met, in order.
            folders: complete once all items have come.
        """
        met: list[Met] = []
        scene_files: list[Met] = []
        ignored = 0
        for item in items:
            if item is None:
                ignored += 1
            elif item.parts[-1] == "scene.toml" and item.closed is None:
                scene_files.append(item)
            else:
                met.append(item)
        return cls(
            tuple(met), ignored, tuple(scene_files), tuple(folders.entered), tuple(folders.outputs)
        )


@dataclass(slots=True)
class Folders:
    """Folders met so far; see `Tree`."""

    entered: list[Parts] = field(default_factory=list)
    outputs: list[Parts] = field(default_factory=list)


def walk_tree(root: Path) -> Tree:
    """Lists a tree. Hidden files and folders, litter and finished runs are only counted.

    Raises:
        OSError: the root itself can't be read.
    """
    folders = Folders()
    return Tree.of(_walk(root, (), (os.path.realpath(root),), folders), folders)


def _walk(
    folder: Path, parts: Parts, above: tuple[str, ...], folders: Folders
) -> Iterator[Met | None]:
    """Yields what lies in a folder; None for each thing that is only counted.

    Args:
        folder: where to look.
        parts: names from the root to it.
        above: real paths of it and of the folders above it, which no link may enter again.
        folders: takes note of it.
    """
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: natural(entry.name))
    if parts:
        folders.entered.append(parts)
    if any(is_of_a_run(entry.name) for entry in found):
        folders.outputs.append(parts)
    for entry in found:
        file = folder / entry.name
        item = Met((*parts, entry.name), file)
        if is_litter(entry.name):
            yield None
        elif not _is_folder(entry):
            yield item
        elif _is_output(file):
            folders.outputs.append(item.parts)
            yield None
        else:
            yield from _enter(file, item, above, folders)


def _enter(
    folder: Path, item: Met, above: tuple[str, ...], folders: Folders
) -> Iterator[Met | None]:
    """Walks a subfolder; one that can't be entered is a row of its own, never a crash."""
    real = os.path.realpath(folder)
    if real in above:
        yield Met(item.parts, item.file, "a link back to a folder above it")
        return
    if len(item.parts) > _MAX_DEPTH:
        yield Met(item.parts, item.file, f"nested deeper than {_MAX_DEPTH} folders")
        return
    try:
        yield from _walk(folder, item.parts, (*above, real), folders)
    except OSError as error:
        closed = f"folder can't be opened: {error.strerror}"
        yield Met(item.parts, item.file, closed, is_unreadable=True)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself: a row, like every file that can't be opened
        return False


def _is_output(folder: Path) -> bool:
    try:
        return is_output(lambda name: (folder / name).is_file())
    except OSError:  # a closed folder
        return False


def is_output(holds: Callable[[str], bool]) -> bool:
    """True for the folder of a finished run or comparison, by the names of files that it holds."""
    return any(all(map(holds, names)) for names in _OUTPUT_FILES)


def is_litter(name: str) -> bool:
    """True for hidden files, and for what file managers, network drives and runs leave behind."""
    return name.startswith(".") or name.lower() in _LITTER or bool(_RUN_PICTURE.fullmatch(name))


def is_of_a_run(name: str) -> bool:
    """True for what a run leaves that was killed before it had tables."""
    return name == _RUN_LOCK or bool(_RUN_PICTURE.fullmatch(name))

"""Folders where captures belong but none is found: empty, without pictures, or closed.

Nobody knows how many captures were lost with such a folder, so it fails as a capture does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from piqa_cli.discover.layout import Layout
from piqa_cli.discover.names import as_label, as_text
from piqa_cli.discover.tree import Met, Parts, Tree
from piqa_cli.records import FailedFolder, SceneInfo, Skipped

NO_CAPTURES = "no captures in it"
_DEAD_LINK = "a link to a folder that isn't there"


def failed_folders(
    tree: Tree, layout: Layout, captured: Iterable[Parts]
) -> tuple[FailedFolder, ...]:
    """Folders that can't be opened, and folders of the layout without a capture below them.

    Of folders within one another the innermost is named; folders that this program wrote don't
    count. Captures may lie deeper than the layout, so a folder there fails only if it is closed.

    Args:
        tree: what was met.
        layout: says which folders are those of a scene, a device and so on.
        captured: the files that are captures, as `Met.parts`.
    """
    closed = {met.parts: reason for met in tree.met if (reason := _why_closed(met, layout))}
    alive = {
        parts[:n] for parts in (*captured, *closed, *tree.outputs) for n in range(1, len(parts) + 1)
    }
    failed = dict(closed)
    for parts in sorted(tree.folders, key=len, reverse=True):
        if parts not in alive and _is_named(parts, layout):
            failed[parts] = NO_CAPTURES
            alive |= {parts[:n] for n in range(1, len(parts))}
    return tuple(_folder(parts, reason, layout) for parts, reason in failed.items())


_Placed = TypeVar("_Placed", FailedFolder, Skipped)


def in_their_scenes(
    rows: Iterable[_Placed], scenes: Mapping[str, SceneInfo]
) -> tuple[_Placed, ...]:
    """Rows under the names of their scenes: a scene with several conditions is several scenes.

    Args:
        rows: folders or skipped files, under the names of the layout.
        scenes: those of the captures, once their conditions are settled.
    """
    settled = []
    for row in rows:
        split = f"{row.scene} ({row.condition})"
        scene = split if row.scene and split in scenes else row.scene
        info = scenes.get(scene) if scene else None
        known = info.condition if info else None
        settled.append(replace(row, scene=scene, condition=row.condition or known))
    return tuple(settled)


def _why_closed(met: Met, layout: Layout) -> str | None:
    if met.closed is not None:
        return met.closed if met.is_unreadable else None
    if len(met.parts) > len(layout.levels) - layout.names_file:
        return None  # a file's own place
    is_dead = met.file.is_symlink() and not met.file.exists()
    return _DEAD_LINK if is_dead and _is_named(met.parts, layout) else None


def _is_named(parts: Parts, layout: Layout) -> bool:
    """True for a folder of the layout that stands for a scene, a device and so on."""
    if len(parts) > len(layout.levels) or not layout.levels[len(parts) - 1].groupindex:
        return False
    return _names(parts, layout) is not None


def _names(parts: Sequence[str], layout: Layout) -> dict[str, str] | None:
    """Names that a folder has by the layout; None: it doesn't fit."""
    names: dict[str, str] = {}
    for level, part in zip(layout.levels, parts, strict=False):
        match = level.fullmatch(as_text(part))
        if match is None or not all(text.strip() for text in match.groups()):
            return None
        names.update({name: as_label(text) for name, text in match.groupdict().items()})
    return names


def _folder(parts: Parts, reason: str, layout: Layout) -> FailedFolder:
    names = _names(parts, layout) or {}
    names.pop("take", None)
    return FailedFolder("/".join(map(as_text, parts)), reason, **names)

"""RAW files beside the pictures that were made of them: one of both counts."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence

from piqa_cli.discover.shots import SAME_SHOT, place_of, shot_name
from piqa_cli.errors import MissingPartError
from piqa_cli.formats import FORMATS, RAW_SUFFIXES
from piqa_cli.records import Capture
from piqa_cli.settings import Prefer

Pair = tuple[Capture, tuple[Capture, ...]]
"""A RAW file and the pictures of its shot, the surest first."""

# Google's camera writes X.RAW-01.COVER.jpg beside X.RAW-02.ORIGINAL.dng.
_PIXEL_RAW_PAIR = re.compile(r"\.raw-\d+\..*$")


def check_preference(prefer: Prefer) -> None:
    """Refuses to prefer files that can't be read here.

    Raises:
        MissingPartError: RAW is preferred, and the extra that reads it isn't installed.
    """
    extra = FORMATS["raw"].extra
    if prefer == "raw" and extra is not None and not extra.is_installed:
        raise MissingPartError(
            f"--prefer raw needs an optional part that isn't installed: {extra.command}"
        )


def raw_pair_reasons(
    captures: Sequence[Capture], same: Mapping[str, Capture], prefer: Prefer
) -> dict[str, str]:
    """Reasons to skip files because a RAW file lies beside its picture, by path.

    Args:
        captures: in their order.
        same: pictures that another one of their shot stands for, by path, with that one.
        prefer: `picture`: the RAW files are skipped; `raw`: the pictures are, and of several RAW
            files of a shot all but that of the picture which would count, or the first.
    """
    shots: dict[str, list[Pair]] = {}
    for raw, pictures in _pairs(captures):
        counts = same.get(pictures[0].path, pictures[0])
        shots.setdefault(counts.path, []).append((raw, (counts, *pictures)))
    if prefer == "picture":
        return {
            raw.path: f"RAW beside {counts.file.name}"
            for pairs in shots.values()
            for raw, (counts, *_) in pairs
        }
    reasons: dict[str, str] = {}
    for path, pairs in shots.items():
        chosen = next((raw for raw, (counts, first, *_) in pairs if first is counts), pairs[0][0])
        files = {capture.path for raw, pictures in pairs for capture in (raw, *pictures)}
        files |= {worse for worse, kept in same.items() if kept.path == path}
        reasons |= dict.fromkeys(files - {chosen.path}, f"{SAME_SHOT} {chosen.path}")
    return reasons


def _pairs(captures: Sequence[Capture]) -> list[Pair]:
    """RAW files beside pictures of the same cell, folder and stem, or shot."""
    developed: dict[Hashable, list[Capture]] = {}
    raws: list[Capture] = []
    for capture in captures:
        if capture.file.suffix.lower() in RAW_SUFFIXES:
            raws.append(capture)
            continue
        for name in dict.fromkeys(_names(capture)):
            developed.setdefault((place_of(capture), name), []).append(capture)
    found = (
        (raw, [developed.get((place_of(raw), name), ()) for name in _names(raw)]) for raw in raws
    )
    return [
        (raw, tuple({picture.path: picture for group in groups for picture in group}.values()))
        for raw, groups in found
        if any(groups)
    ]


def _names(capture: Capture) -> tuple[str, ...]:
    """Names that a RAW file shares with its pictures, the surest first."""
    name = shot_name(capture.file.name)
    return (_stem(capture), name.picture, *(() if name.is_burst else (name.shot,)))


def _stem(capture: Capture) -> str:
    file = capture.file
    if ".raw-" in file.name.lower():
        return _PIXEL_RAW_PAIR.sub("", file.name.lower())
    return file.stem.lower()

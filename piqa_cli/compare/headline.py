"""The first sentences of a comparison, on its page and on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from piqa_cli.compare.records import Comparison, DeviceChange, Verdict
from piqa_cli.compare.rows import words
from piqa_cli.compare.verdicts import in_scenes
from piqa_cli.report.text import counted, listed

_NONE_SHARED = "No device is in both runs"


def headline(found: Comparison) -> str:
    """The comparison in a line: who is missing, who got worse, who got better."""
    text, gone = _change(found), list(found.expected.devices)
    if not gone or text == _NONE_SHARED:
        return text
    return f"{listed(gone)} {'is' if len(gone) == 1 else 'are'} missing from NEW. {text}"


def _change(found: Comparison) -> str:
    """Headline on the devices that both runs have."""
    rows = found.overall()
    met = {row.verdict for row in rows}
    if met == {"unchanged"}:
        return "Nothing changed" if _same_files(found) else "No score changed, but captures did"
    both = [row for row in rows if row.verdict not in ("added", "removed")]
    if not both:
        return _NONE_SHARED
    moved = [row for row in both if row.verdict in ("worse", "better")]
    if len(moved) == 1:
        return f"{moved[0].subject.label} is {words(found, moved[0])}"
    if len(both) == 1:
        alone = both[0]
        scenes = in_scenes(alone.verdict, alone.n_worse_scenes, alone.n_better_scenes)
        return f"{alone.subject.label}: {'; '.join(filter(None, (words(found, alone), scenes)))}"
    parts = [
        f"{listed(names)} {'is' if len(names) == 1 else 'are'} {verdict}"
        for verdict in ("worse", "better")
        if (names := [row.subject.label for row in moved if row.verdict == verdict])
    ]
    if parts:
        return ", ".join(parts)
    return _still(met, _falling(both))


def _still(met: set[Verdict], falling: str) -> str:
    """Headline where no device changed clearly over all scenes; single scenes may have."""
    if falling:
        return f"No clear change over all scenes, but {falling}"
    if "unknown" in met and "unclear" not in met:
        return "No clear change; too few scenes for an interval"
    if met <= {"same", "unchanged", "added", "removed"}:
        return "No change that counts"
    return "No clear change"


def _falling(rows: Sequence[DeviceChange]) -> str:
    """Words for scenes that fell, of devices without an interval over all scenes.

    Where a device is known to have no change that counts, a few scenes look worse by chance.
    """
    open_ones = [row for row in rows if row.verdict in ("unclear", "unknown")]
    falling = [row for row in open_ones if row.n_worse_scenes]
    if not falling:
        return ""
    names = listed([row.subject.label for row in falling])
    scenes = counted(sum(row.n_worse_scenes for row in falling), "scene")
    return f"{names} {'is' if len(falling) == 1 else 'are'} worse in {scenes}"


def detail(found: Comparison) -> str:
    """Second sentence: numbers of devices and scenes behind the headline, by verdict."""
    rows = found.overall()
    if {row.verdict for row in rows} == {"unchanged"}:
        if _same_files(found):
            what = "given scores" if found.given else "files"
            return f"Both runs hold the same {what}, so every difference is 0."
        return (
            "Every capture that was scored in NEW is one of BASE, so every difference is 0; "
            "others were removed or could not be scored."
        )
    n_scenes = len({row.scene for row in found.scenes if row.difference is not None})
    both = [row for row in rows if row.difference is not None]
    parts = [f"{counted(len(both), 'device')} over {counted(n_scenes, 'shared scene')}"]
    parts += ["none clearly worse"] if both and not _count(rows, "worse") else []
    parts += [
        f"{count} {phrase}"
        for phrase, count in (
            ("clearly worse", _count(rows, "worse")),
            ("clearly better", _count(rows, "better")),
            ("with no change that counts", _count(rows, "same")),
            ("with no clear change", _count(rows, "unclear")),
            ("without an interval", _bare(both)),
            ("without a scene scored in both", _count(rows, "unknown") - _bare(both)),
            (
                "with the same given scores" if found.given else "with unchanged files",
                _count(rows, "unchanged"),
            ),
            ("in NEW only", _count(rows, "added")),
            ("in BASE only", _count(rows, "removed")),
        )
        if count
    ]
    return f"{parts[0]}: {', '.join(parts[1:])}."


def _same_files(found: Comparison) -> bool:
    return all(capture.change == "unchanged" for capture in found.captures)


def _bare(both: Sequence[DeviceChange]) -> int:
    """Number of devices that have a difference without an interval."""
    return _count(both, "unknown")


def _count(rows: Sequence[DeviceChange], verdict: str) -> int:
    return sum(row.verdict == verdict for row in rows)

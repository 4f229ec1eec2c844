"""What looks like a mix-up is noted on the captures and told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from piqa_cli.discover.mixups import duplicates, mixups
from piqa_cli.records import Failed, Scored


def with_warnings(
    results: Sequence[Scored | Failed], competitors: Sequence[str]
) -> list[Scored | Failed]:
    """Notes on the captures what looks like a mix-up of folders or files.

    Args:
        results: what became of the captures.
        competitors: whom each of them counts for: equal files count once for one of these.
    """
    read = [result for result in results if isinstance(result, Scored)]
    mixed = mixups(
        (r.capture.path, r.capture.device, r.facts.exif.make, r.facts.exif.model) for r in read
    )
    twice = duplicates(
        (result.capture.path, result.capture.scene, competitor, result.facts.sha256)
        for result, competitor in zip(results, competitors, strict=True)
        if isinstance(result, Scored)
    )
    noted: list[Scored | Failed] = []
    for result in results:
        path = result.capture.path
        notes = [table[path] for table in (mixed, twice) if path in table]
        if notes and isinstance(result, Scored):
            noted.append(replace(result, warning="; ".join(notes)))
        else:
            noted.append(result)
    return noted


def warning_lines(results: Sequence[Scored | Failed]) -> tuple[str, ...]:
    """Each warning once, with the file that it is about, in the order met."""
    paths: dict[str, list[str]] = {}
    for result in results:
        if isinstance(result, Scored) and result.warning:
            paths.setdefault(result.warning, []).append(result.capture.path)
    return tuple(f"{_named(files)}: {warning}" for warning, files in paths.items())


def _named(paths: Sequence[str]) -> str:
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"

"""The build of every device: firmware or camera software, as its captures name it."""

from __future__ import annotations

from collections import Counter

from piqa_cli.records import Competitor
from piqa_cli.report.site import Site
from piqa_cli.runs.capture_rows import is_capture, tally

_NAMED = 2  # builds of one device that are named; the others are counted


def builds(site: Site) -> dict[Competitor, str]:
    """The builds of all devices in words, the most frequent first; empty: none is known.

    The firmware of the layout comes before the software in EXIF. Where firmwares compete, it
    stands in the device's name already.
    """
    met: dict[Competitor, Counter[str]] = {key: Counter() for key in site.competitors}
    names = ("status", "stage", "device", "firmware", "exif_software")
    found = tally(site.run.tables.captures, *names)
    for (status, stage, device, firmware, software), n in found.items():
        build = build_of(None if site.with_firmware else firmware, software)
        if build and is_capture(status, stage):
            met[site.key_of(device, firmware)][build] += n
    return {key: build_words(counts) for key, counts in met.items()}


def build_of(firmware: str | None, software: str | None) -> str:
    """The build of a capture: the firmware before the software in EXIF; empty: neither is known."""
    return (firmware or software or "").strip()


def build_words(counts: Counter[str]) -> str:
    """Names of builds for a line.

    >>> build_words(Counter({"2.1": 3, "2.0": 2, "1.9": 1}))
    '2.1, 2.0 and 1 more'
    """
    names = [name for name, _ in counts.most_common()]
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")

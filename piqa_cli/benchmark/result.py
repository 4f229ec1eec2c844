"""Results of a benchmark as table rows and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from piqa_cli.benchmark.measure import Networks
from piqa_cli.benchmark.networks import NetworkSpeed, Unusable

Rows = list[tuple[str, ...]]


def network_rows(found: Networks) -> tuple[tuple[str, ...], Rows]:
    """Head and rows: one way of running the networks a row."""
    head = (
        "networks",
        "photos/s",
        "CPU-s",
        "TFLOP/s",
        "matrix TFLOP/s",
        "share",
        "first s",
        "score moves",
        "note",
    )
    return head, [_row(speed) for speed in found.speeds]


def _row(speed: NetworkSpeed | Unusable) -> tuple[str, ...]:
    if isinstance(speed, Unusable):
        return (speed.way.title, *["-"] * 7, speed.reason)
    return (
        speed.way.title,
        f"{speed.photos_s:.3g}",
        f"{speed.spent.cpu_s / speed.photos:.3g}",
        f"{speed.tflop_s:.3g}",
        f"{speed.peak_tflop_s:.3g}",
        f"{speed.share_of_peak:.0%}",
        f"{speed.first_s:.1f}",
        f"{speed.largest_move:.1e}",
        speed.trouble or f"of scores with deviation {speed.spread:.2g}",
    )


def networks_json(found: Networks) -> dict[str, Any]:
    """All that was measured of the networks."""
    return {"notes": list(found.notes), "networks": [_as_json(speed) for speed in found.speeds]}


def _as_json(speed: NetworkSpeed | Unusable) -> dict[str, Any]:
    if isinstance(speed, Unusable):
        return asdict(speed)
    return {
        **asdict(speed),
        "photos_s": speed.photos_s,
        "tflop_s": speed.tflop_s,
        "share_of_peak": speed.share_of_peak,
    }

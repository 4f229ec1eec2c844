from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from piqa_cli.rank.records import ScoredCapture

Gather = Callable[..., list[ScoredCapture]]


@pytest.fixture
def captures() -> Gather:
    """Captures from {"scene/device": (scores of the takes)}; `device@firmware` names a firmware."""

    def make(
        table: Mapping[str, tuple[float, ...]], conditions: Mapping[str, str] | None = None
    ) -> list[ScoredCapture]:
        rows: list[ScoredCapture] = []
        for cell, scores in table.items():
            scene, _, competitor = cell.partition("/")
            device, _, firmware = competitor.partition("@")
            rows.extend(
                ScoredCapture(
                    path=f"{cell}/{take}.jpg",
                    scene=scene,
                    device=device,
                    score=score,
                    firmware=firmware or None,
                    condition=(conditions or {}).get(scene),
                )
                for take, score in enumerate(scores)
            )
        return rows

    return make

"""The first page of a blind report without scores: the scenes, all devices as equals."""

from __future__ import annotations

from dataclasses import dataclass, replace

from piqa_cli.report.home.scene_cards import SceneCard, scene_cards
from piqa_cli.report.site import Site
from piqa_cli.report.text import counted
from piqa_cli.runs.pictures import PictureSource


@dataclass(frozen=True, slots=True)
class PanelView:
    """Content of the page.

    Attributes:
        headline: how much there is to see.
        letters: of all devices, in order.
        cards: of the scenes, without a leader.
    """

    headline: str
    letters: tuple[str, ...]
    cards: tuple[SceneCard, ...]


def panel_view(site: Site, pictures: PictureSource) -> PanelView:
    """Builds the page's content."""
    devices, scenes = counted(len(site.competitors), "device"), counted(len(site.scenes), "scene")
    return PanelView(
        headline=f"{devices} in {scenes}",
        letters=tuple(page.label for page in site.competitors.values()),
        cards=tuple(replace(card, leader=None, lead="") for card in scene_cards(site, pictures)),
    )

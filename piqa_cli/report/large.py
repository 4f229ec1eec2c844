"""Reports of runs so large that pages of scenes and devices are made when they are asked for."""

from __future__ import annotations

import shlex
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from piqa_cli.errors import PiqaError
from piqa_cli.report.site import Site

LARGE_CAPTURES = 50_000  # more of them make a run large: its pages would take minutes, and 100 MB
CAPTURES_SHOWN = 2_000  # lines on the page of captures of a large run, about 1 MB
CELLS_SHOWN = 40_000  # of a large run's heat map on its first page, about 2 MB
PAIRS_SHOWN = 60_000  # of a large run on the page of pairs, about 3 MB


@dataclass(frozen=True, slots=True)
class Wanted:
    """Pages of a large run that are asked for; other runs have all pages.

    Attributes:
        scenes, devices: their names, as pages or tables have them.
        every: all scenes and devices.
    """

    scenes: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    every: bool = False


NONE_WANTED = Wanted()


@dataclass(frozen=True, slots=True)
class Later:
    """A page of a large run that isn't made yet.

    Attributes:
        title: of its scene or device.
        command: makes it.
        all_pages: command that makes all.
    """

    title: str
    command: str
    all_pages: str


def is_large(site: Site) -> bool:
    """True for a run of which not all pages are made at once."""
    return len(site.run.tables.captures) > LARGE_CAPTURES


def pages_now(site: Site, wanted: Wanted) -> frozenset[str]:
    """Pages of scenes and devices to make now, by their place in `report/`.

    Raises:
        PiqaError: the run has no scene or device of a name.
    """
    scenes = {scene.href: (scene.title, scene.name) for scene in site.scenes.values()}
    devices = {page.href: (page.label, page.name) for page in site.competitors.values()}
    named = {
        *_named("scene", wanted.scenes, scenes),
        *_named("device", wanted.devices, devices),
    }
    every = wanted.every or not is_large(site)
    return frozenset({*scenes, *devices} if every else named)


def _named(kind: str, names: Iterable[str], pages: dict[str, tuple[str, str]]) -> Iterable[str]:
    for name in names:
        found = [href for href, known in pages.items() if name in known]
        if not found:
            every = [one for known in pages.values() for one in known]
            near = get_close_matches(name, every, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "scene_ranks.parquet lists them"
            raise PiqaError(f"--{kind} {name!r}: the run has no such {kind}; {hint}")
        yield from found


def later_pages(site: Site, now: Container[str]) -> Sequence[tuple[str, str, Later]]:
    """Place, entry of the bar and content of the pages that aren't made now."""
    blind = " --blind" if site.run.info.get("blind") else ""
    report = f"piqa-cli report RUN{blind}{' --hide-scores' if site.hides_scores else ''}"
    pages = [(scene.href, "scene", scene.title) for scene in site.scenes.values()]
    if not site.hides_scores:  # devices have no pages then
        pages += [(page.href, "device", page.label) for page in site.competitors.values()]
    return [
        (
            href,
            f"{kind}s",
            Later(title, f"{report} --{kind} {shlex.quote(title)}", f"{report} --all-pages"),
        )
        for href, kind, title in pages
        if href not in now
    ]

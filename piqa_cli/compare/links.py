"""Links from the page of a comparison into the reports of both runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from piqa_cli.compare.records import Comparison, Subject
from piqa_cli.report.links import link_from
from piqa_cli.report.site import Site, open_site
from piqa_cli.runs.folder import REPORT
from piqa_cli.runs.table_set import Run


@dataclass(frozen=True, slots=True)
class RunLinks:
    """The pages of one run, seen from another folder.

    Attributes:
        site: scenes and devices with their pages.
        report: the run's `report/`.
        place: folder that the links are seen from.
        known: links by page: a large comparison asks for each of them hundreds of times.
    """

    site: Site
    report: Path
    place: Path
    known: dict[str, str | None] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, run: Run, place: Path) -> RunLinks:
        """Links of a run from a page in the folder `place`."""
        return cls(open_site(run), run.folder.resolve() / REPORT, place.resolve())

    def home(self) -> str | None:
        """The first page."""
        return self._page("index.html")

    def scene(self, scene: str, device: str | None, firmware: str | None) -> str | None:
        """The page of a scene, with a device in the viewer."""
        known = self.site.scenes.get(scene)
        page = self._page(known.href) if known else None
        if page is None or device is None:
            return page
        found = self.site.competitors.get(self.site.key_of(device, firmware))
        return f"{page}#{found.slug}" if found else page

    def device(self, device: str | None, firmware: str | None) -> str | None:
        """The page of a device; None also where the run hasn't got it."""
        if device is None:
            return None
        found = self.site.competitors.get(self.site.key_of(device, firmware))
        return self._page(found.href) if found else None

    def _page(self, name: str) -> str | None:
        """A page of the report; None: there is none nearby."""
        if name not in self.known:
            self.known[name] = link_from(self.place, self.report / name)
        return self.known[name]


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Links into both runs; each is None where there is no such page."""

    base: RunLinks
    new: RunLinks

    @classmethod
    def of(cls, found: Comparison, place: Path) -> PageLinks:
        """Links of a comparison's page in the folder `place`."""
        return cls(RunLinks.of(found.base, place), RunLinks.of(found.new, place))

    def devices(self, subject: Subject) -> tuple[str | None, str | None]:
        """Pages of a device in BASE and in NEW."""
        return (
            self.base.device(subject.base_device, subject.base_firmware),
            self.new.device(subject.device, subject.firmware),
        )

    def scenes(self, scene: str, subject: Subject) -> tuple[str | None, str | None]:
        """Pages of a scene in BASE and in NEW."""
        return (
            self.base.scene(scene, subject.base_device, subject.base_firmware),
            self.new.scene(scene, subject.device, subject.firmware),
        )

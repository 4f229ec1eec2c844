"""Builds that devices ran in each run, and the runs' reports: what a trend shows at its points."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from piqa_cli.discover.aliases import Aliases
from piqa_cli.errors import PiqaError
from piqa_cli.history.find import PastRun, builds_of
from piqa_cli.records import Competitor
from piqa_cli.records.device_names import DeviceName
from piqa_cli.report.builds import build_words
from piqa_cli.runs.folder import REPORT


@dataclass(frozen=True, slots=True)
class Marks:
    """Facts about the points of a trend beside their scores.

    Attributes:
        builds: captures of each build by device, by run.
        reports: link to the first page of a run's report, of those that have one nearby.
    """

    builds: Mapping[str, Mapping[Competitor, Counter[str]]] = field(default_factory=dict)
    reports: Mapping[str, str] = field(default_factory=dict)

    def build(self, run: str, device: str) -> str:
        """The builds of a device in a run, in words; empty: none is known."""
        counts: Counter[str] = Counter()
        for competitor, known in self.builds.get(run, {}).items():
            if device == competitor.device or competitor.is_called(device):
                counts += known
        return build_words(counts)


def read_marks(runs: Iterable[PastRun], place: Path, devices: Iterable[DeviceName] = ()) -> Marks:
    """Reads the builds of runs, and finds their reports.

    Args:
        runs: of the trend.
        place: folder that links are seen from.
        devices: other names of devices, of `[devices]`.
    """
    aliases = Aliases.of(tuple(devices))
    builds: dict[str, Mapping[Competitor, Counter[str]]] = {}
    reports: dict[str, str] = {}
    for run in runs:
        # Points stand without it, as those of cameras that name no build.
        with contextlib.suppress(PiqaError, OSError):
            builds[run.name] = builds_of(run, aliases)
        if (link := _report(run, place.resolve())) is not None:
            reports[run.name] = link
    return Marks(builds, reports)


def _report(run: PastRun, place: Path) -> str | None:
    """Link to a run's first page; None: it has none, or shares no folder but the root."""
    page = run.folder / REPORT / "index.html"
    shared = Path(os.path.commonpath([page, place]))
    if shared == Path(shared.anchor) or not page.is_file():
        return None
    return quote(Path(os.path.relpath(page, place)).as_posix())

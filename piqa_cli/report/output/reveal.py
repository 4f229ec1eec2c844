"""The file that shows names, ranks and scores on blind pages that have none of them.

The pages hold no score in any form; a page reads this file where somebody chooses it there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from piqa_cli.atomic import write_whole
from piqa_cli.records import DeviceRank
from piqa_cli.report.home.verdict import verdict
from piqa_cli.report.output.blind.load import blinded
from piqa_cli.report.site import Site, open_site
from piqa_cli.report.text import NONE, number, rank_range, signed, span
from piqa_cli.runs.table_set import Run, load_run

REVEAL_FILE = "blind-key.json"
"""In the folder of the run; never in `report/`."""
KIND = "piqa-cli blind key"
"""Value of `kind` in the file, by which pages know it."""


def write_reveal(run_folder: Path) -> None:
    """Writes the file into a run.

    Raises:
        PiqaError: see `load_run`.
    """
    text = json.dumps(reveal_of(load_run(run_folder)), ensure_ascii=True, indent=1)
    write_whole(run_folder / REVEAL_FILE, text.encode("ascii"))


def reveal_of(run: Run) -> dict[str, Any]:
    """Content of the file: who every letter is, and a table for every page.

    Args:
        run: as it was loaded, under its real names.
    """
    shown, key = blinded(run)
    site = open_site(shown)
    result = verdict(open_site(run))
    names = {letter: who.label for who, letter in key.letters.items()}
    pages = {"index.html": _overall(site, names)}
    pages["index.html"] |= {"headline": result.headline, "detail": result.detail}
    for scene in site.scenes.values():
        rows = [
            [
                row.device,
                names[row.device],
                rank_range(row.rank_low, row.rank_high),
                number(row.score),
                span(row.ci_low, row.ci_high),
                signed(row.gap_to_scene_mean),
            ]
            for row in site.scene_order(scene)
        ]
        heads = ["Letter", "Device", "Rank", "Mean", "95 % interval", "Gap"]
        pages[scene.href] = {"columns": heads, "rows": rows}
    return {"kind": KIND, "key": key.mark, "unit": site.unit, "devices": names, "pages": pages}


def _overall(site: Site, names: dict[str, str]) -> dict[str, Any]:
    """The ranking over all scenes; devices without a rank last, those without a score as well."""
    ranked = [*site.overall(), *site.unranked()]
    met = {row.device for row in ranked}
    rows = [*_ranked(ranked, names)]
    rows += [[letter, name, *[NONE] * 3] for letter, name in names.items() if letter not in met]
    heads = ["Letter", "Device", "Rank", site.unit, "95 % interval"]
    if len({row.league for row in ranked}) > 1:
        groups = {row.device: str(row.league) for row in ranked}
        return {
            "columns": ["Group", *heads],
            "rows": [[groups.get(row[0], NONE), *row] for row in rows],
        }
    return {"columns": heads, "rows": rows}


def _ranked(rows: list[DeviceRank], names: dict[str, str]) -> Iterator[list[str]]:
    for row in rows:
        ranks = rank_range(row.rank_low, row.rank_high) if row.has_rank else NONE
        interval = span(row.ci_low, row.ci_high, sign=True)
        yield [row.device, names[row.device], ranks, signed(row.score), interval]

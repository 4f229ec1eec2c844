"""Figures for papers and slides: the ranking, the heat map, the intervals of every scene.

Drawn from the tables alone, with matplotlib, which is an extra. The same run gives the same bytes.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from piqa_cli.atomic import write_whole
from piqa_cli.errors import MissingPartError, PiqaError
from piqa_cli.report.output.blind.letters import write_key
from piqa_cli.report.output.blind.load import load_shown
from piqa_cli.report.site import open_site
from piqa_cli.runs.folder import FIGURES, clear_figures
from piqa_cli.settings import FigureFormat

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from piqa_cli.report.site import Site

_DPI = 200
_STYLE = {
    "figure.dpi": 100,
    "savefig.dpi": _DPI,
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so figures are equal everywhere
    "font.size": 8,
    "axes.titlesize": 9,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 8,
    "text.parse_math": False,  # a $ in a name starts no formula
    "axes.unicode_minus": True,
    "svg.hashsalt": "piqa-cli",
    "svg.fonttype": "none",  # SVG keeps text as text, not as outlines
    "pdf.fonttype": 42,  # TrueType, which journals require
}
_UNDATED = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def draw_figures(run_folder: Path, form: FigureFormat, *, blind: bool = False) -> tuple[Path, ...]:
    """Writes `figures/` of a run: `ranking`, `heat-map`, and `scene-NAME` for every scene.

    Figures of another run in this folder are replaced; those in other formats stay.

    Args:
        run_folder: what `rank` wrote.
        form: of the files.
        blind: name the devices A, B, C ..., and write who is who into the run.

    Returns:
        The files.

    Raises:
        MissingPartError: matplotlib is missing.
        PiqaError: the folder is no run, nothing was ranked in it, or it can't be written.
    """
    try:
        import matplotlib
    except ImportError as error:
        raise MissingPartError(
            "figures need matplotlib, which isn't installed: pip install 'piqa-cli[figures]'"
        ) from error
    run, key = load_shown(run_folder, blind=blind)
    site = open_site(run)
    if not site.overall():
        raise PiqaError(f"nothing was ranked in {run_folder}, so there is nothing to draw")
    folder = run_folder / FIGURES
    with warnings.catch_warnings(), matplotlib.rc_context(_STYLE):
        # A letter that the font lacks is drawn as a box; matplotlib's warning is of no use.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        drawn = {name: _saved(figure, form) for name, figure in _figures(site)}
    try:
        folder.mkdir(exist_ok=True)
        write_key(run_folder, key)
        clear_figures(folder, form)
        for name, data in drawn.items():
            write_whole(folder / f"{name}.{form}", data)
    except OSError as error:
        raise PiqaError(f"can't write {folder} ({error.strerror or error})") from error
    return tuple(folder / f"{name}.{form}" for name in drawn)


def _figures(site: Site) -> Iterator[tuple[str, Figure]]:
    from piqa_cli.report.output.heat_figure import heat_figure
    from piqa_cli.report.output.interval_figures import ranking_figure, scene_figure

    yield "ranking", ranking_figure(site)
    yield "heat-map", heat_figure(site)
    for scene in site.scenes.values():
        if order := site.scene_order(scene):
            name = scene.href.removeprefix("scenes/").removesuffix(".html")
            yield f"scene-{name}", scene_figure(site, scene, order)


def _saved(figure: Figure, form: FigureFormat) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=form, metadata=_UNDATED[form], bbox_inches="tight")
    return buffer.getvalue()

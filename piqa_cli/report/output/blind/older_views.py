"""Views of earlier calls that show more than blind pages do, and must not stay beside them."""

from __future__ import annotations

import shutil
from pathlib import Path

from piqa_cli.runs.folder import (
    FIGURES,
    MODELS,
    PDFS,
    REPORT,
    SINGLE_FILE,
    clear_figures,
    drop_older_views,
    runs_of_models,
)
from piqa_cli.settings import PdfKind

# templates/base.html.j2
_BLIND_MARK = '<p class="blind" role="note">'
_HIDDEN_MARK = '<p class="blind hidden-scores" role="note">'


def remove_named_views(
    run_folder: Path,
    *,
    single_file: bool,
    figures: bool,
    pdf: PdfKind | None = None,
    hide_scores: bool = False,
) -> list[str]:
    """Removes views of earlier calls that may name the devices, or show scores; the tables stay.

    Args:
        run_folder: of the run.
        single_file: the one-file report is blind: it was made just now.
        figures: so are the figures.
        pdf: so is this PDF.
        hide_scores: the new pages show no scores, so no older view may.

    Returns:
        Names of what was removed.
    """
    removed = []
    one = run_folder / SINGLE_FILE
    marks = (_HIDDEN_MARK,) if hide_scores else (_BLIND_MARK, _HIDDEN_MARK)
    if not single_file and one.is_file() and not _holds(one, marks):
        one.unlink()
        removed.append(SINGLE_FILE)
    for kind, name in PDFS.items():
        if kind != pdf and (run_folder / name).is_file():
            (run_folder / name).unlink()
            removed.append(name)
    drawn = run_folder / FIGURES
    if not figures and drawn.is_dir() and any(drawn.iterdir()):
        clear_figures(drawn)
        removed.append(FIGURES)
    for part in runs_of_models(run_folder):
        if (part / REPORT).is_dir():
            shutil.rmtree(part / REPORT)
            removed.append(f"{MODELS}/{part.name}/{REPORT}")
        drop_older_views(part)
    return removed


def _holds(page: Path, marks: tuple[str, ...]) -> bool:
    text = page.read_text("utf-8")
    return any(mark in text for mark in marks)

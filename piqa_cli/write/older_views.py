"""What `report` makes on demand shows one set of tables, and goes with it."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from piqa_cli.settings import FigureFormat
from piqa_cli.write.run_folder import FIGURES, SINGLE_FILE

_FORMATS = tuple(f".{form}" for form in get_args(FigureFormat))


def drop_older_views(run_folder: Path) -> None:
    """Removes the one-file report and the figures of the run before."""
    (run_folder / SINGLE_FILE).unlink(missing_ok=True)
    folder = run_folder / FIGURES
    clear_figures(folder)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def clear_figures(folder: Path, form: str = "*") -> None:
    """Removes the figures that `report --figures` made, of one format or all; other files stay."""
    for name in ("ranking", "heat-map", "scene-*"):
        for file in folder.glob(f"{name}.{form}"):
            if file.suffix in _FORMATS:
                file.unlink(missing_ok=True)

"""What a killed run left half done in its folder: finished where it can be, else removed.

Only for who holds the folder (see `run_lock`): to anyone else these may be a live run's files.
"""

from __future__ import annotations

import shutil
from pathlib import Path


def clear_unfinished(folder: Path, *, pictures: Path, report: Path) -> None:
    """Removes temporary files; puts a report into place that was complete but for its name.

    Args:
        folder: of the run.
        pictures: its folder of pictures.
        report: its folder of pages.

    Raises:
        OSError: the folder can't be written.
    """
    for place in (folder, pictures):
        for file in place.glob(".tmp-*"):
            file.unlink(missing_ok=True)
    old = list(folder.glob(f".{report.name}-*-old"))
    for new in sorted(folder.glob(f".{report.name}-*-new")):
        # The old pages step aside only for new ones that are complete.
        if new.with_name(f"{new.name.removesuffix('-new')}-old") in old and not report.exists():
            new.rename(report)
        else:
            shutil.rmtree(new)
    for gone in old:
        shutil.rmtree(gone)

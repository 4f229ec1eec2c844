"""The trend as a file: the picture alone, or one page that needs no other file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from piqa_cli.atomic import write_whole
from piqa_cli.errors import PiqaError
from piqa_cli.history.listing import in_order
from piqa_cli.history.marks import Marks
from piqa_cli.history.records import History, Point, Series
from piqa_cli.history.trend import NO_MARKS, trend_svg, trends_svg
from piqa_cli.history.wording import (
    NOT_COMPARABLE,
    NOT_COMPARABLE_GAP,
    headline,
    headline_of_several,
    moment,
    ranks,
    what_score_is,
)
from piqa_cli.report.render import page_environment
from piqa_cli.report.text import signed, span
from piqa_cli.resources import resource_dir


def write_trend(file: Path, histories: Sequence[History], marks: Marks = NO_MARKS) -> None:
    """Writes the trend, as a page where the name ends in .html, else as an SVG.

    Args:
        file: .html or .svg.
        histories: of one device or more.
        marks: builds and reports of the points, links as seen from the file's folder.

    Raises:
        PiqaError: the file can't be written.
    """
    is_page = file.suffix == ".html"
    text = page(histories, marks) if is_page else trends_svg(histories, marks)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, text.encode("utf-8"))
    except OSError as error:
        raise PiqaError(f"can't write {file} ({error.strerror}): choose another -o") from error


def page(histories: Sequence[History], marks: Marks = NO_MARKS) -> str:
    """One page with the pictures and their numbers."""
    templates = resource_dir("templates")
    template = page_environment(templates).get_template("history/page.html.j2")
    first = histories[0]
    return template.render(
        root="",
        css=Markup((templates / "style.css").read_text(encoding="utf-8")),  # a file of this package
        title=headline(first) if len(histories) == 1 else headline_of_several(histories),
        rule=NOT_COMPARABLE_GAP if first.reference else NOT_COMPARABLE,
        devices=[_device(history, number, marks) for number, history in enumerate(histories, 1)],
        damaged=first.damaged,
    )


def _device(history: History, number: int, marks: Marks) -> dict[str, Any]:
    """A device's part of the page."""
    rows = [_row(history, series, point, marks) for series, point in in_order(history)]
    own = f"-{number}"
    return {
        "id": f"device{own}",
        "name": history.device,
        "headline": headline(history),
        "svg": Markup(trend_svg(history, headed=False, marks=marks, own=own)),  # escapes all
        "rows": rows,
        "last": rows[-1],
        "any_build": any(row["build"] for row in rows),
        "any_break": any(row["breaks"] for row in rows),
        "absent": history.absent,
    }


def _row(history: History, series: Series, point: Point, marks: Marks) -> dict[str, Any]:
    return {
        "run": point.run,
        "report": marks.reports.get(point.run),
        "started": moment(point.started_at),
        "model": series.recipe.model,
        "build": marks.build(point.run, history.device) or point.firmware or "",
        "what": what_score_is(history, series),
        "score": signed(point.score),
        "interval": span(point.ci_low, point.ci_high, sign=True),
        "ranks": f"{ranks(point)} of {point.n_devices}",
        "n_scenes": point.n_scenes,
        "n_captures": point.n_captures,
        "change": "" if point.change is None else signed(point.change),
        "breaks": "; ".join(point.breaks),
    }

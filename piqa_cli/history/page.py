"""The trend as a file: the picture alone, or one page that needs no other file."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from piqa_cli.atomic import write_whole
from piqa_cli.errors import PiqaError
from piqa_cli.history.listing import in_order
from piqa_cli.history.records import History
from piqa_cli.history.trend import trend_svg
from piqa_cli.history.wording import (
    NOT_COMPARABLE,
    NOT_COMPARABLE_GAP,
    headline,
    moment,
    ranks,
    what_score_is,
)
from piqa_cli.report.render import page_environment
from piqa_cli.report.text import signed, span
from piqa_cli.resources import resource_dir


def write_trend(file: Path, history: History) -> None:
    """Writes the trend, as a page where the name ends in .html, else as an SVG.

    Raises:
        PiqaError: the file can't be written.
    """
    text = page(history) if file.suffix == ".html" else trend_svg(history)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, text.encode("utf-8"))
    except OSError as error:
        raise PiqaError(f"can't write {file} ({error.strerror}): choose another -o") from error


def page(history: History) -> str:
    """One page with the picture and its numbers."""
    templates = resource_dir("templates")
    template = page_environment(templates).get_template("history/page.html.j2")
    return template.render(
        root="",
        css=Markup((templates / "style.css").read_text(encoding="utf-8")),  # a file of this package
        title=headline(history),
        rule=NOT_COMPARABLE_GAP if history.reference else NOT_COMPARABLE,
        svg=Markup(trend_svg(history, headed=False)),  # escaped by trend_svg
        rows=[
            {
                "run": point.run,
                "started": moment(point.started_at),
                "model": series.recipe.model,
                "firmware": point.firmware or "",
                "what": what_score_is(history, series),
                "score": signed(point.score),
                "interval": span(point.ci_low, point.ci_high, sign=True),
                "ranks": f"{ranks(point)} of {point.n_devices}",
                "n_scenes": point.n_scenes,
                "n_captures": point.n_captures,
                "change": "" if point.change is None else signed(point.change),
                "breaks": "; ".join(point.breaks),
            }
            for series, point in in_order(history)
        ],
        left=[*history.absent, *history.damaged],
    )

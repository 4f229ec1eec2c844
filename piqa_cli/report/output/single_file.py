"""The whole report as one file: pages, styles, scripts and pictures, to be mailed or archived.

The pages stand in it as chapters that read well by themselves. With scripts, a chapter is shown in
a frame of its own, as the page it was, with its own scripts.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from piqa_cli.atomic import write_whole
from piqa_cli.errors import PiqaError
from piqa_cli.report.large import NONE_WANTED, Wanted
from piqa_cli.report.output.blind.letters import BlindKey, write_key
from piqa_cli.report.output.blind.load import load_shown
from piqa_cli.report.output.chapters import SEPARATOR, Album, ChapterLinks
from piqa_cli.report.output.reveal import write_reveal
from piqa_cli.report.render import (
    asset_files,
    assets_of,
    page_environment,
    page_renderer,
    picture_source,
    report_pages,
    shown_pictures,
)
from piqa_cli.report.site import open_site
from piqa_cli.resources import resource_dir
from piqa_cli.runs.folder import SINGLE_FILE, pictures_of
from piqa_cli.runs.pictures import PictureSource
from piqa_cli.runs.table_set import Run
from piqa_cli.settings import DEFAULT_MAX_MB, Pictures

_MB = 1e6
_SHOWN: tuple[tuple[Pictures, bool, str], ...] = (
    ("full", True, "the pictures as they were scored, with crops of the original pixels"),
    ("full", False, "the pictures as they were scored"),
    ("small", False, "thumbnails"),
    ("none", False, "no pictures"),
)
"""Kinds that pictures can be reduced to, from the largest to the smallest: detail, crops, words."""


@dataclass(frozen=True, slots=True)
class SingleFile:
    """Result of writing a report into one file.

    Attributes:
        path: the file.
        bytes: its size.
        shortfall: sentence on pictures that didn't fit, and on their replacement; empty: all fit.
    """

    path: Path
    bytes: int
    shortfall: str


def render_single_file(
    run_folder: Path,
    *,
    blind: bool = False,
    hide_scores: bool = False,
    pictures: Pictures = "full",
    max_mb: float = DEFAULT_MAX_MB,
    wanted: Wanted = NONE_WANTED,
) -> SingleFile:
    """Writes `report.html` of a run anew, whole or not at all.

    Pictures that don't fit become thumbnails; where these don't fit either, there are none.

    Args:
        run_folder: what `rank` wrote.
        blind: name the devices A, B, C ..., and write who is who beside it.
        hide_scores: a blind report shows no rank and no score; a file beside it holds them.
        pictures: which to put in.
        max_mb: how large the file may become, in millions of bytes.
        wanted: pages of scenes and devices of a large run; other runs have all.

    Raises:
        PiqaError: the folder is no run, can't be written, or the pages alone are too large.
    """
    run, key = load_shown(run_folder, blind=blind, hide_scores=hide_scores)
    tried: list[str] = []
    first = next(place for place, (detail, *_) in enumerate(_SHOWN) if detail == pictures)
    for detail, crops, words in _SHOWN[first:]:
        source = picture_source(run, detail, crops=crops)
        if crops and not any(name.endswith("crop.webp") for name in source.names):
            continue
        size = _size_of(run, shown_pictures(run, source))
        if size <= max_mb * _MB:
            shortfall = f"{'; '.join(tried)}: {words} instead" if tried else ""
            data = _document(run, source, shortfall[:1].upper() + shortfall[1:], wanted).encode()
            if len(data) <= max_mb * _MB:
                return _written(run, data, shortfall, key)
            size = len(data)
        tried.append(f"{words} need {size / _MB:.1f} MB, more than {max_mb:g}")
    raise PiqaError(
        f"the pages of {run_folder} need {size / _MB:.1f} MB without any picture: raise --max-mb "
        f"(now {max_mb:g}), or pass on the folder that --portable makes"
    )


def _written(run: Run, data: bytes, shortfall: str, key: BlindKey | None) -> SingleFile:
    file = run.folder / SINGLE_FILE
    try:
        write_key(run.folder, key)
        if run.info.get("scores_hidden"):
            write_reveal(run.folder)
        write_whole(file, data)
    except OSError as error:
        reason = error.strerror or error
        raise PiqaError(f"can't write {file} ({reason})") from error
    return SingleFile(file, len(data), shortfall)


def _size_of(run: Run, names: Collection[str]) -> float:
    """Bytes of pictures in the document, without reading them: base64 makes four of three."""
    return sum((pictures_of(run.folder, run.info) / name).stat().st_size for name in names) * 4 / 3


def _document(run: Run, pictures: PictureSource, shortfall: str, wanted: Wanted) -> str:
    """The document."""
    templates, site = resource_dir("templates"), open_site(run)
    pages = list(report_pages(site, pictures, wanted))
    render = page_renderer(site, pictures, single_file=True)
    album = Album(pictures_of(run.folder, run.info))
    paths = frozenset(page.path for page in pages)
    chapters: dict[str, str] = {}
    # Scenes first: where a picture is shown several times, it is they that hold it.
    for page in sorted(pages, key=lambda page: not page.path.startswith("scenes/")):
        chapters[page.path] = render(page, ChapterLinks(page.path, paths, album))
    assets = {path.removeprefix("assets/"): text for path, text in asset_files(assets_of(run))}
    others = sorted(shown_pictures(run, pictures) - album.shown)
    return (
        page_environment(templates)
        .get_template("output/single_file.html.j2")
        .render(
            title=pages[0].title,
            chapters=[Markup(chapters[page.path]) for page in pages],
            styles={name: Markup(text) for name, text in assets.items() if name.endswith(".css")},
            scripts={name: _inert(text) for name, text in assets.items() if name.endswith(".js")},
            pictures=_json({name: album.base64(name) for name in others}),
            separator=SEPARATOR,
            shortfall=shortfall,
            parts={
                name: Markup((templates / "output" / name).read_text(encoding="utf-8"))
                for name in ("single.css", "single.js", "single_frame.js")
            },
        )
    )


def _inert(script: str) -> Markup:
    """A script as the text of an element."""
    return Markup(script.replace("</script", "<\\/script").replace("<!--", "<\\!--"))


def _json(value: object) -> Markup:
    return Markup(json.dumps(value, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c"))

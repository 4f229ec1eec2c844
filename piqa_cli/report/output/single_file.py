"""The whole report as one file: pages, styles, scripts and pictures, to be mailed or archived.

The pages stand in it as chapters that read well by themselves. With scripts, a chapter is shown in
a frame of its own, as the page it was, with its own scripts.
"""

from __future__ import annotations

import base64
import html
import json
import posixpath
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from markupsafe import Markup

from piqa_cli.atomic import write_whole
from piqa_cli.errors import PiqaError
from piqa_cli.report.output.blind import BlindKey, load_shown, write_key
from piqa_cli.report.render import page_environment, report_files
from piqa_cli.resources import resource_dir
from piqa_cli.runs.folder import PICTURES, SINGLE_FILE
from piqa_cli.runs.table_set import Run
from piqa_cli.settings import DEFAULT_MAX_MB, Pictures

SEPARATOR = "::"  # stands in anchors between the chapter and the id in its page

_TAG = re.compile(r"<[A-Za-z][^>]*>")
_ATTRIBUTE = re.compile(r'\s([a-z][\w-]*)="([^"]*)"')
_NAMES = frozenset("id for list headers data-filters data-shown".split())
_SEVERAL_NAMES = frozenset("aria-labelledby aria-describedby aria-controls aria-owns".split())
_PICTURE = re.compile(r"(?:\.\./)+pictures/([0-9a-f]+-(?:320|full|face)\.webp)")
_ASSET = re.compile(r'<(?:link rel="stylesheet" href|script src)="(?:\.\./)*assets/([\w.-]+)"')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_BODY = re.compile(r"<body([^>]*)>(.*)</body>", re.DOTALL)

_MB = 1e6
_SHOWN: dict[Pictures, str] = {
    "full": "the pictures as they were scored",
    "small": "thumbnails",
    "none": "no pictures",
}
"""Kinds that pictures can be reduced to, from the largest to the smallest."""
_NOTHING = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


@dataclass(frozen=True, slots=True)
class Chapter:
    """One page within the document.

    Attributes:
        path: where it lay within `report/`; its name in the document.
        title: of the page, as text.
        assets: the styles and scripts that it loads, in order.
        attributes: of its body.
        body: its markup.
    """

    path: str
    title: str
    assets: tuple[str, ...]
    attributes: str
    body: str


def chapter(
    path: str, page: str, *, pages: Collection[str], picture: Callable[[str], str]
) -> Chapter:
    """Binds a page.

    Args:
        path: of the page within `report/`.
        page: its HTML.
        pages: paths of all pages.
        picture: gives the attributes of an `<img>` that shows a picture, by file name.
    """
    title, body = _TITLE.search(page), _BODY.search(page)
    if title is None or body is None:
        raise ValueError(f"{path} is no page of a report")
    bound = _TAG.sub(lambda tag: _bound(tag[0], path, pages, picture), body[2])
    return Chapter(
        path=path,
        title=html.unescape(title[1]).strip(),
        assets=tuple(_ASSET.findall(page)),
        attributes=body[1].strip(),
        body=bound.strip(),
    )


def pictures_of(page: str) -> list[str]:
    """The file names of the pictures that a page shows or names, in order, each once."""
    return list(dict.fromkeys(_PICTURE.findall(page)))


def _bound(tag: str, path: str, pages: Collection[str], picture: Callable[[str], str]) -> str:
    def attribute(found: re.Match[str]) -> str:
        name, value = found[1], found[2]
        if name in _NAMES:
            return f' {name}="{_named(path, value)}"'
        if name in _SEVERAL_NAMES:
            return f' {name}="{" ".join(_named(path, part) for part in value.split())}"'
        if name == "href":
            return _link(path, value, pages)
        if shown := _PICTURE.fullmatch(value):
            return f" {picture(shown[1])}"
        return "" if name in ("srcset", "sizes") else found[0]

    return _ATTRIBUTE.sub(attribute, tag)


def _named(path: str, name: str) -> str:
    return f"{path}{SEPARATOR}{name}"


def _link(path: str, href: str, pages: Collection[str]) -> str:
    """A link within the document, which keeps what it was; what lies outside can't be reached."""
    if shown := _PICTURE.fullmatch(href):
        return f' data-opens="{shown[1]}"'
    if ":" in href.partition("#")[0]:
        return f' href="{href}"'
    file, _, place = href.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(file)))
    target = target if file else path
    if target not in pages:
        return ""
    bound = _named(target, place) if place else target
    return f' data-href="{href}" href="#{bound}"'


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
    pictures: Pictures = "full",
    max_mb: float = DEFAULT_MAX_MB,
) -> SingleFile:
    """Writes `report.html` of a run anew, whole or not at all.

    Pictures that don't fit become thumbnails; where these don't fit either, there are none.

    Args:
        run_folder: what `rank` wrote.
        blind: name the devices A, B, C ..., and write who is who beside it.
        pictures: which to put in.
        max_mb: how large the file may become, in millions of bytes.

    Raises:
        PiqaError: the folder is no run, can't be written, or the pages alone are too large.
    """
    run, key = load_shown(run_folder, blind=blind)
    tried: list[str] = []
    details = list(_SHOWN)
    for detail in details[details.index(pictures) :]:
        files = report_files(run, detail)
        size = _estimated_size(run, files)
        if size <= max_mb * _MB:
            shortfall = f"{'; '.join(tried)}: {_SHOWN[detail]} instead" if tried else ""
            data = _bind(run, files, shortfall[:1].upper() + shortfall[1:]).encode()
            if len(data) <= max_mb * _MB:
                return _written(run_folder, data, shortfall, key)
            size = len(data)
        tried.append(f"{_SHOWN[detail]} need {size / _MB:.1f} MB, more than {max_mb:g}")
    raise PiqaError(
        f"the pages of {run_folder} need {size / _MB:.1f} MB without any picture: raise --max-mb "
        f"(now {max_mb:g}), or pass on the folders report/ and pictures/"
    )


def _written(folder: Path, data: bytes, shortfall: str, key: BlindKey | None) -> SingleFile:
    file = folder / SINGLE_FILE
    try:
        write_key(folder, key)
        write_whole(file, data)
    except OSError as error:
        reason = error.strerror or error
        raise PiqaError(f"can't write {file} ({reason})") from error
    return SingleFile(file, len(data), shortfall)


def _estimated_size(run: Run, files: Mapping[str, str]) -> float:
    """Bytes, without reading the pictures: base64 makes four of three."""
    pictures = {name for page in files.values() for name in pictures_of(page)}
    bytes_of = ((run.folder / PICTURES / name).stat().st_size for name in pictures)
    return sum(map(len, files.values())) + sum(bytes_of) * 4 / 3


def _bind(run: Run, files: Mapping[str, str], shortfall: str) -> str:
    """The document."""
    templates = resource_dir("templates")
    pages = [path for path in files if path.endswith(".html")]
    album = _Album(run.folder / PICTURES)
    bound: dict[str, Chapter] = {}
    # Scenes first: where a picture is shown several times, it is they that hold it.
    for path in sorted(pages, key=lambda path: not path.startswith("scenes/")):
        bound[path] = chapter(path, files[path], pages=pages, picture=album.attributes)
    named = {name for path in pages for name in pictures_of(files[path])}
    assets = {
        path.removeprefix("assets/"): text for path, text in files.items() if path not in pages
    }
    return (
        page_environment(templates)
        .get_template("output/single_file.html.j2")
        .render(
            chapters=[bound[path] for path in pages],
            styles={name: Markup(text) for name, text in assets.items() if name.endswith(".css")},
            scripts={name: _inert(text) for name, text in assets.items() if name.endswith(".js")},
            pictures=_json({name: album.base64(name) for name in sorted(named - album.shown)}),
            separator=SEPARATOR,
            shortfall=shortfall,
            own={
                name: Markup((templates / "output" / name).read_text(encoding="utf-8"))
                for name in ("single.css", "single.js", "single_frame.js")
            },
        )
    )


@dataclass(frozen=True, slots=True)
class _Album:
    """The run's pictures; `shown` are those that some `<img>` of the document holds."""

    folder: Path
    shown: set[str] = field(default_factory=set)

    def attributes(self, name: str) -> str:
        """Attributes of an `<img>`: the picture at its first use, later a place for the script."""
        if name in self.shown:
            return f'data-picture="{name}" src="{_NOTHING}"'
        self.shown.add(name)
        return (
            f'data-picture="{name}" data-holds="" src="data:image/webp;base64,{self.base64(name)}"'
        )

    def base64(self, name: str) -> str:
        """A picture as text."""
        return base64.b64encode((self.folder / name).read_bytes()).decode("ascii")


def _inert(script: str) -> Markup:
    """A script as the text of an element."""
    return Markup(script.replace("</script", "<\\/script").replace("<!--", "<\\!--"))


def _json(value: object) -> Markup:
    return Markup(json.dumps(value, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c"))

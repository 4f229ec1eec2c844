"""A page of the report as a chapter of one document: its names, links and pictures bound to it.

Works on our own pages alone: every attribute is quoted, and `<`, `>` and `"` in texts are escaped.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import unquote

SEPARATOR = "::"  # between the chapter and what stood in its page

_TAG = re.compile(r"<[A-Za-z][^>]*>")
_ATTRIBUTE = re.compile(r'\s([a-z][\w-]*)="([^"]*)"')
_NAMES = frozenset("id for list headers data-filters data-shown".split())
_SEVERAL_NAMES = frozenset("aria-labelledby aria-describedby aria-controls aria-owns".split())
_PICTURE = re.compile(r"(?:\.\./)+pictures/([0-9a-f]+-(?:320|full|face)\.webp)")
_ASSET = re.compile(r'<(?:link rel="stylesheet" href|script src)="(?:\.\./)*assets/([\w.-]+)"')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_BODY = re.compile(r"<body([^>]*)>(.*)</body>", re.DOTALL)


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

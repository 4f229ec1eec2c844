"""Anchors, links and pictures of a page, as its templates write them.

`PageLinks` is for pages that lie beside each other as files; `output.chapters` writes the same for
pages that are chapters of one document. Templates call `own`, `link`, `opens` and `shows`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from markupsafe import Markup


class Links(Protocol):
    """Functions of the templates for all that leads from one place of a report to another."""

    def own(self, name: str) -> str:
        """The `id` of an element of this page, as it or a reference to it is written."""
        ...

    def link(self, href: str) -> Markup:
        """Attributes of an `<a>` that leads to `#ID` of this page, or to a place in `report/`."""
        ...

    def opens(self, picture: str) -> Markup:
        """Attributes of an `<a>` that opens a picture, by its file name in `pictures/`."""
        ...

    def shows(self, picture: str) -> Markup:
        """Attributes of an `<img>` that shows a picture, by its file name in `pictures/`."""
        ...


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Links of a page that is a file of its own.

    Attributes:
        root: the way from its folder to `report/`, empty or ending in `/`.
        pictures: the folder of the pictures, seen from `report/`.
        portable: True if nothing may lead out of `report/`.
    """

    root: str = ""
    pictures: str = "../pictures/"
    portable: bool = False

    def own(self, name: str) -> str:
        """See `Links`."""
        return name

    def link(self, href: str) -> Markup:
        """See `Links`; nothing where the place can't be reached from a copy of `report/` alone."""
        if self.portable and href.startswith("../"):
            return Markup()
        return Markup(' href="{}"').format(from_page(self.root, href))

    def opens(self, picture: str) -> Markup:
        """See `Links`."""
        return Markup(' href="{}{}{}"').format(self.root, self.pictures, picture)

    def shows(self, picture: str) -> Markup:
        """See `Links`."""
        return Markup(' src="{}{}{}"').format(self.root, self.pictures, picture)


def root_of(path: str) -> str:
    """The way from the folder of a page to `report/`.

    >>> root_of("index.html"), root_of("scenes/hall.html")
    ('', '../')
    """
    return "../" * path.count("/")


def from_page(root: str, href: str) -> str:
    """A link as a page writes it that `root` leads from to `report/`.

    >>> from_page("../", "pairs.html"), from_page("../", "#main")
    ('../pairs.html', '#main')
    """
    return href if href.startswith("#") else root + href


def template_functions(links: Links) -> Mapping[str, Any]:
    """The functions by the names that templates call them by."""
    return {"own": links.own, "link": links.link, "opens": links.opens, "shows": links.shows}


def link_from(place: Path, page: Path) -> str | None:
    """Link from a folder to a page of some report; None: there is no such page, or it is far off.

    Far off is what shares no folder but the root, or lies on another drive: such a link would name
    folders of this machine.

    Args:
        place: the folder, absolute.
        page: the file, absolute.
    """
    try:
        shared = Path(os.path.commonpath([page, place]))
    except ValueError:  # drives of Windows
        return None
    if shared == Path(shared.anchor) or not page.is_file():
        return None
    return quote(Path(os.path.relpath(page, place)).as_posix())

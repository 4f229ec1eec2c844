"""Links, names and pictures of a page that is a chapter of the one-file report.

Names are made unique by the chapter's path; links lead to chapters; pictures are inside. Attributes
beginning with `data-` keep what the page had, for the script that shows it in a frame.
"""

from __future__ import annotations

import base64
import posixpath
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from markupsafe import Markup

from piqa_cli.report.links import from_page, root_of

SEPARATOR = "::"  # between the path of a chapter and a name within it

_NOTHING = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


@dataclass(frozen=True, slots=True)
class Album:
    """The run's pictures; `shown` are those that some `<img>` of the document holds."""

    folder: Path
    shown: set[str] = field(default_factory=set)

    def base64(self, name: str) -> str:
        """A picture as text."""
        return base64.b64encode((self.folder / name).read_bytes()).decode("ascii")


@dataclass(frozen=True, slots=True)
class ChapterLinks:
    """Links of a chapter; see `report.links.Links`.

    Attributes:
        path: of the page within `report/`, the name of its chapter.
        pages: paths of all pages.
        album: the pictures.
    """

    path: str
    pages: Collection[str]
    album: Album

    def own(self, name: str) -> str:
        """See `Links`."""
        return _named(self.path, name)

    def link(self, href: str) -> Markup:
        """See `Links`; nothing where the place is outside the document and can't be reached."""
        file, _, place = href.partition("#")
        target = posixpath.normpath(unquote(file)) if file else self.path
        if target not in self.pages:
            return Markup()
        written = from_page(root_of(self.path), href)
        bound = _named(target, place) if place else target
        return Markup(' data-href="{}" href="#{}"').format(written, bound)

    def opens(self, picture: str) -> Markup:
        """See `Links`."""
        return Markup(' data-opens="{}"').format(picture)

    def shows(self, picture: str) -> Markup:
        """See `Links`: the picture where it is shown first, later on what the script fills."""
        if picture in self.album.shown:
            return Markup(' data-picture="{}" src="{}"').format(picture, _NOTHING)
        self.album.shown.add(picture)
        return Markup(' data-picture="{}" data-holds="" src="data:image/webp;base64,{}"').format(
            picture, self.album.base64(picture)
        )


def _named(path: str, name: str) -> str:
    return f"{path}{SEPARATOR}{name}"

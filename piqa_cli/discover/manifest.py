"""Manifests: a CSV or Parquet list of captures instead of a folder layout."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from piqa_cli.discover.names import as_label
from piqa_cli.discover.sheet import Sheet, read_sheet
from piqa_cli.errors import PiqaError
from piqa_cli.records import Box, Capture, FaceSource
from piqa_cli.remote import AnyPath, RemotePath, place
from piqa_cli.spreadsheet import comma_hint, number

REQUIRED = ("path", "scene", "device")
FACE = ("face_x0", "face_y0", "face_x1", "face_y1")
OPTIONAL = ("condition", "firmware", "take", *FACE, "jod")


def open_manifest(manifest: AnyPath) -> tuple[tuple[Capture, ...], tuple[str, ...]]:
    """Reads the captures of a manifest, in its order.

    Columns: `path` (relative to the manifest, `/` or `\\`, absolute, or a URL), `scene`, `device`,
    and optionally `condition`, `firmware`, `take`, `jod` and the four `face_` columns: the
    detector's own box in pixels of the upright original. Where the face columns exist, blank cells
    mean *no face* and `auto` in `face_x0` asks for detection. Other columns are passed over.

    Returns:
        The captures, and warnings of what had to be guessed.

    Raises:
        PiqaError: with the line, where a cell can't be understood or a path comes twice.
    """
    sheet = read_sheet(manifest, REQUIRED, OPTIONAL)
    return _captures(manifest, sheet), sheet.warnings


def _captures(manifest: AnyPath, sheet: Sheet) -> tuple[Capture, ...]:
    faces = [name for name in FACE if name in sheet.columns]
    if 0 < len(faces) < len(FACE):
        missing = ", ".join(name for name in FACE if name not in faces)
        raise PiqaError(f"manifest {manifest}: the face columns lack {missing}; give all four")
    captures: list[Capture] = []
    places: dict[str, str] = {}
    for row in sheet:
        reader = _Reader(manifest, row.place, row.cells, sheet.decimal_comma)
        capture = reader.capture(has_faces=bool(faces))
        if capture.path in places:
            raise reader.bad(
                f"{capture.path} stands already in {places[capture.path]}; a file belongs to one "
                "scene and device"
            )
        places[capture.path] = row.place
        captures.append(capture)
    if not captures:
        raise PiqaError(f"manifest {manifest} lists no captures; add a row for each picture")
    return tuple(captures)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the cells of one row.

    Attributes:
        manifest: for messages and relative paths.
        place: `line 7` or `row 7`.
        cells: by column, "" where blank.
        decimal_comma: True if numbers may have one.
    """

    manifest: AnyPath
    place: str
    cells: Mapping[str, str]
    decimal_comma: bool = True

    def capture(self, *, has_faces: bool) -> Capture:
        """The row as a capture."""
        path, file = self._path(self._required("path"))
        source, box = self._face() if has_faces else ("detect", None)
        return Capture(
            path=path,
            file=file,
            scene=as_label(self._required("scene")),
            device=as_label(self._required("device")),
            firmware=as_label(self._text("firmware")) or None,
            condition=as_label(self._text("condition")) or None,
            take=as_label(self._text("take")) or None,
            face_source=source,
            given_face=box,
            jod=None if self._blank("jod") else self._number("jod"),
        )

    def bad(self, what: str) -> PiqaError:
        """An error that names the manifest and the row."""
        return PiqaError(f"manifest {self.manifest}, {self.place}: {what}")

    def _face(self) -> tuple[FaceSource, Box | None]:
        if self._text("face_x0").lower() == "auto":
            return "detect", None
        blank = [self._blank(name) for name in FACE]
        if all(blank):
            return "none", None
        if any(blank):
            raise self.bad("half a face box; give all four numbers, none, or auto in face_x0")
        x0, y0, x1, y1 = (self._number(name) for name in FACE)
        if x1 <= x0 or y1 <= y0:
            raise self.bad(f"the face box {x0:g} {y0:g} {x1:g} {y1:g} is empty; x1 > x0, y1 > y0")
        return "given", Box(x0, y0, x1, y1)

    def _path(self, text: str) -> tuple[str, AnyPath]:
        """The path as tables show it, and the file."""
        if "\0" in text:
            raise self.bad("path holds a NUL character")
        if isinstance(file := place(text), RemotePath):
            return str(file), file
        folder = self.manifest.absolute().parent
        plain = posixpath.normpath(text.replace("\\", "/"))
        if isinstance(folder, RemotePath):
            return plain, Path(plain) if posixpath.isabs(plain) else folder.joined(plain)
        if posixpath.isabs(plain):
            return os.path.relpath(plain, folder).replace(os.sep, "/"), Path(plain)
        return plain, folder / plain

    def _required(self, name: str) -> str:
        text = self._text(name)
        if not text:
            raise self.bad(f"{name} is blank")
        return text

    def _text(self, name: str) -> str:
        return str(self.cells.get(name, "")).strip()

    def _blank(self, name: str) -> bool:
        return not self._text(name)

    def _number(self, name: str) -> float:
        value = number(self._text(name), decimal_comma=self.decimal_comma)
        if value is None:
            hint = "" if self.decimal_comma else comma_hint(self._text(name))
            raise self.bad(f"{name} is {self._text(name)!r}, not a number{hint}")
        return value

"""Layouts: patterns of folder names that say which folder names the scene and which the device.

A pattern has levels divided by `/`. A level is text with placeholders (`{device}_{firmware}`) and
`*`, which stands for any text; `*` alone skips a level. Folders below the last level are free. A
last level that holds `{take}`, or ends in `.*`, may also be the file's own name without suffix.
Where one level holds several placeholders, the first ones take as much as they can:
`{device}_{firmware}` reads `pixel_8_v2` as device `pixel_8`, firmware `v2`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from pathlib import PurePosixPath

from piqa_cli.discover.names import as_label
from piqa_cli.errors import PiqaError

PLACEHOLDERS = ("scene", "device", "firmware", "take", "condition")
_TOKEN = re.compile(r"\{([^{}]*)\}|(\*)")


@dataclass(frozen=True, slots=True)
class Place:
    """Names that a path holds by the layout.

    Attributes:
        names: placeholder to value, as far as the path goes along the layout.
        outside: None where the path fits the whole layout, else why it doesn't.
    """

    names: dict[str, str]
    outside: str | None


@dataclass(frozen=True, slots=True)
class Layout:
    """A parsed pattern.

    Attributes:
        pattern: as the user wrote it.
        levels: one expression for each level, with a named group for each placeholder.
        texts: the same levels as text, for messages.
        scene_level: index of the level that holds `{scene}`.
        names_file: whether the last level may be the file's own name.
    """

    pattern: str
    levels: tuple[re.Pattern[str], ...]
    texts: tuple[str, ...]
    scene_level: int
    names_file: bool

    def place(self, parts: Sequence[str]) -> Place:
        """Reads the names from a path below the captures folder.

        Args:
            parts: the folders and, last, the file's name.
        """
        names: dict[str, str] = {}
        folders = list(parts[:-1])
        if self.names_file and len(folders) == len(self.levels) - 1:
            folders.append(PurePosixPath(parts[-1]).stem)
        for level, text, folder in zip(self.levels, self.texts, folders, strict=False):
            match = level.fullmatch(folder)
            if match is None or not all(text.strip() for text in match.groups()):
                return Place(names, f"outside the layout {self.pattern}: {folder!r} is no {text}")
            names.update({name: as_label(text) for name, text in match.groupdict().items()})
        if len(folders) < len(self.levels):
            missing = self.texts[len(folders)]
            return Place(names, f"outside the layout {self.pattern}: not in a {missing} folder")
        return Place(names, None)


def parse_layout(pattern: str) -> Layout:
    """Parses a pattern such as `{scene}/{device}` or `*/{device}_{firmware}/{scene}/{take}`.

    Raises:
        PiqaError: no scene or no device, an unknown placeholder, or a level that can't be read.
    """
    texts = pattern.strip().strip("/").split("/")
    if any(text in ("", ".", "..") for text in texts):
        raise _bad(pattern, "a level is empty")
    names_file = "{take}" in texts[-1] or texts[-1].endswith(".*")
    texts[-1] = texts[-1].removesuffix(".*")
    named = [token.group(1) for token in _TOKEN.finditer(pattern)]
    for name in PLACEHOLDERS:
        if named.count(name) > 1:
            raise _bad(pattern, f"{{{name}}} stands there twice")
    levels = tuple(re.compile(_expression(text, pattern), re.DOTALL) for text in texts)
    for name in ("scene", "device"):
        if name not in named:
            raise _bad(pattern, f"{{{name}}} is missing")
    scene_level = next(i for i, level in enumerate(levels) if "scene" in level.groupindex)
    return Layout(pattern, levels, tuple(texts), scene_level, names_file)


def _expression(text: str, pattern: str) -> str:
    """One level as a regular expression."""
    parts: list[str] = []
    tokens = list(_TOKEN.finditer(text))
    end = 0
    for token in tokens:
        parts.append(re.escape(_literal(text[end : token.start()], pattern)))
        name = token.group(1)
        parts.append(".*" if name is None else f"(?P<{_known(name, pattern)}>.+)")
        end = token.end()
    if any(left.end() == right.start() for left, right in pairwise(tokens)):
        raise _bad(pattern, f"nothing divides the placeholders of {text!r}")
    return "".join([*parts, re.escape(_literal(text[end:], pattern))])


def _literal(text: str, pattern: str) -> str:
    if "{" in text or "}" in text:
        raise _bad(pattern, "a brace has no partner")
    return text


def _known(name: str, pattern: str) -> str:
    if name in PLACEHOLDERS:
        return name
    nearest = get_close_matches(name.lower(), PLACEHOLDERS, n=1, cutoff=0.5)
    hint = f", did you mean {{{nearest[0]}}}?" if nearest else ""
    raise _bad(pattern, f"{{{name}}} is no placeholder{hint}")


def _bad(pattern: str, why: str) -> PiqaError:
    known = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    return PiqaError(
        f"layout {pattern!r}: {why}; write folder levels like '{{scene}}/{{device}}' "
        f"with {known} and * for a level to skip"
    )

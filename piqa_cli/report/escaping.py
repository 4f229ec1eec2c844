"""Makes text safe for pages: names come from folders and files, and may be hostile."""

from __future__ import annotations

import json
import re
from typing import Any

from markupsafe import Markup

# Characters that HTML can't hold, or that turn the direction of the text; names may have both.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_BLANKS = re.compile(r"(\s+)")
_HYPHEN = re.compile(r"\w-\w")
_ENDS_OF_PARTS = re.compile(r"(?<=_)(?=\w)|(?<=[a-z])(?=[A-Z])|(?<=\d)(?=[A-Z][a-z])")
_IN_SCRIPT = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&"}


def printable(value: Any) -> Any:
    """Replaces hostile characters; markup (a subclass of str) is this package's and passes."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", value) if type(value) is str else value


def unbroken(text: str, most: int = 24) -> Markup:
    """A text whose hyphenated words, such as names of devices, stay on one line.

    Words that are too long for that break after `_` and before capitals first. The characters
    stay as they are, so that a name that is copied from a page is the true one.

    Args:
        text: plain text.
        most: characters of a word that stays on one line.

    >>> str(unbroken("A-1 is <b>"))
    '<span class="whole">A-1</span> is &lt;b&gt;'
    >>> str(unbroken("MakerPhone_5G", 12))
    'Maker<wbr>Phone_<wbr>5G'
    """
    parts = (_word(part, most) for part in _BLANKS.split(printable(text)))
    return Markup("").join(parts)


def _word(text: str, most: int) -> Markup:
    if len(text) > most:
        return Markup("<wbr>").join(_ENDS_OF_PARTS.split(text))
    whole = Markup('<span class="whole">{}</span>')
    return (whole if _HYPHEN.search(text) else Markup("{}")).format(text)


def json_block(value: Any, element_id: str) -> Markup:
    """Data for a script, as an element that nothing in the data can end.

    Args:
        value: dicts, lists, texts and finite numbers; hostile characters in texts are replaced.
        element_id: by which the script finds it.

    >>> str(json_block({"a": "</script>"}, "d"))
    '<script type="application/json" id="d">{"a":"\\\\u003c/script\\\\u003e"}</script>'
    """
    text = json.dumps(_clean(value), separators=(",", ":"), allow_nan=False)
    return Markup('<script type="application/json" id="{}">{}</script>').format(
        element_id, Markup(text.translate(_IN_SCRIPT))
    )


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {printable(key): _clean(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [part if type(part) in (int, float) else _clean(part) for part in value]
    return printable(value)

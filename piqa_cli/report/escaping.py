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
_HYPHENATED = re.compile(r"(\S*\w-\w\S*)")
_IN_SCRIPT = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&"}


def printable(value: Any) -> Any:
    """Replaces hostile characters; markup (a subclass of str) is this package's and passes."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", value) if type(value) is str else value


def unbroken(text: str, most: int = 24) -> Markup:
    """A text whose hyphenated words, such as names of devices, stay on one line.

    The characters stay as they are, so that a name that is copied from a page is the true one.

    Args:
        text: plain text, or markup that this function has made.
        most: characters of a word; longer ones break, for narrow pages.

    >>> str(unbroken("A-1 is <b>"))
    '<span class="tight">A-1</span> is &lt;b&gt;'
    """
    if isinstance(text, Markup):
        return text
    parts = _HYPHENATED.split(printable(text))
    return Markup("").join(
        Markup('<span class="tight">{}</span>').format(part)
        if n % 2 and len(part) <= most
        else part
        for n, part in enumerate(parts)
    )


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

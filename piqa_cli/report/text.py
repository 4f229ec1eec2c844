"""Values as people read them on the pages."""

from __future__ import annotations

import re
from typing import Any

from piqa_cli.schema import Column

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
NONE = "\N{EM DASH}"
_WORD = re.compile(r"[^\W_]")
_LONGEST_FRACTION_S = 0.3  # longer exposure times are shown as decimals


def number(value: float | None, digits: int = 2) -> str:
    """A number with a real minus sign; a dash for none.

    >>> number(-1.234), number(None)
    ('−1.23', '—')
    """
    if value is None:
        return NONE
    text = f"{abs(value):.{digits}f}"
    return f"{MINUS}{text}" if value < 0 and float(text) else text


def signed(value: float | None, digits: int = 2) -> str:
    """A number that always shows its sign, zero aside.

    >>> signed(0.5), signed(-0.5), signed(0.001)
    ('+0.50', '−0.50', '0.00')
    """
    text = number(value, digits)
    return f"+{text}" if value is not None and value > 0 and float(text) else text


def span(low: float | None, high: float | None, *, sign: bool = False) -> str:
    """A 95 % interval, or a dash where none can be known.

    >>> span(-0.2, 1.0, sign=True)
    '−0.20 to +1.00'
    """
    if low is None or high is None:
        return NONE
    form = signed if sign else number
    return f"{form(low)} to {form(high)}"


def rank_range(low: int, high: int) -> str:
    """The ranks that the data allow.

    >>> rank_range(2, 4), rank_range(1, 1)
    ('2–4', '1')
    """
    return str(low) if low == high else f"{low}{DASH}{high}"


def percent(share: float | None) -> str:
    """A share of 0..1.

    >>> percent(0.7512)
    '75 %'
    """
    return NONE if share is None else f"{100 * share:.0f} %"


def counted(count: int, noun: str) -> str:
    """A count with its noun; plural by `s`.

    >>> counted(1, "scene"), counted(3, "scene")
    ('1 scene', '3 scenes')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(names: list[str], *, most: int = 3) -> str:
    """Names in a sentence.

    >>> listed(["A", "B", "C", "D", "E"])
    'A, B, C and 2 more'
    """
    shown = names[:most] + ([f"{len(names) - most} more"] if len(names) > most else [])
    return " and ".join([part for part in (", ".join(shown[:-1]), shown[-1]) if part])


def shortened(text: str, most: int) -> str:
    """A long name without its middle: names of devices and files differ at their ends.

    Args:
        text: the name.
        most: characters that are left, or a few less: words are cut only where they are long.

    >>> shortened("Maker Ultra Pro Max 16 Europe", 20)
    'Maker…16 Europe'
    """
    if len(text) <= most:
        return text
    end = round(0.58 * most)
    head, tail = text[: most - 1 - end], text[-end:]
    if _WORD.match(text[len(head)]):
        head = re.sub(r"(?<=\w)[\W_]+[^\W_]{,8}$", "", head)
    if _WORD.match(text[-end - 1]):
        tail = re.sub(r"^[^\W_]{,8}[\W_]+(?=\w)", "", tail)
    head = head.rstrip(" …/")
    return f"{head}…{tail.lstrip()}"


def exposure_time(seconds: float) -> str:
    """An exposure time as cameras show it.

    >>> exposure_time(1 / 120), exposure_time(0.5), exposure_time(2)
    ('1/120 s', '0.5 s', '2 s')
    """
    if 0 < seconds < _LONGEST_FRACTION_S:
        return f"1/{1 / seconds:.0f} s"
    return f"{seconds:.3g} s"


def file_size(size: int) -> str:
    """A file size in decimal units.

    >>> file_size(2_345_678), file_size(20_400)
    ('2.3 MB', '20 kB')
    """
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


def dimensions(width: int | None, height: int | None) -> str | None:
    """Width and height with the megapixels.

    >>> dimensions(4000, 3000)
    '4000 × 3000 (12.0 MP)'
    """
    if width is None or height is None:
        return None
    return f"{width} × {height} ({width * height / 1e6:.1f} MP)"


def cell(column: Column, value: Any) -> str | None:
    """A table value with its unit; None stays None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    match column.name, column.unit:
        case _, "s":
            return exposure_time(value)
        case _, "bytes":
            return file_size(value)
        case "exif_exposure_bias_ev", _:
            return f"{signed(value)} EV"
        case _, "EV":
            return f"{number(value, 1)} EV"
        case "exif_captured_at", _:
            return str(value).replace("T", " ", 1)
        case "exif_aperture_f_number", _:
            return f"f/{value:.3g}"
        case _, "x":
            return f"{value:.3g}×"
        case _, "mm" | "bit" as unit:
            return f"{value:.3g} {unit}"
    return f"{value:g}" if isinstance(value, float) else str(value)

"""The camera's clock, in the forms that cameras and editors write it in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from piqa_cli.read.exif_readers import Tags
from piqa_cli.read.text import clean_text

# DateTimeOriginal, then DateTimeDigitized, each with its fraction of a second and its offset.
_TAGS = ((0x9003, 0x9291, 0x9011), (0x9004, 0x9292, 0x9012))
_FORM = re.compile(
    r"(?P<year>\d{4})\s*[:/.-]\s*(?P<month>\d{1,2})\s*[:/.-]\s*(?P<day>\d{1,2})"
    r"(?:\s*T\s*|\s+)"
    r"(?P<hour>\d{1,2})\s*[:.]\s*(?P<minute>\d{1,2})\s*[:.]\s*(?P<second>\d{1,2})"
    r"(?:[.,](?P<fraction>\d+))?\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE | re.ASCII,
)
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})", re.ASCII)
_MAX_OFFSET_HOURS = 14
_FRACTION_DIGITS = 6


def captured_at(tags: Tags) -> str | None:
    """The time of the capture as ISO 8601, with fraction and offset where they are given."""
    for time_tag, fraction_tag, offset_tag in _TAGS:
        time, fraction, offset = (
            clean_text(tags.get(("exif", tag))) for tag in (time_tag, fraction_tag, offset_tag)
        )
        if time and (stamp := timestamp(time, fraction=fraction, offset=offset)):
            return stamp
    return None


def timestamp(time: str, *, fraction: str | None = None, offset: str | None = None) -> str | None:
    """A time as ISO 8601; None where it is none, such as a clock of zeros that was never set.

    Args:
        time: date and time; it may hold a fraction and an offset itself.
        fraction: digits of the fraction, of a tag of its own, which counts first.
        offset: from UTC, of a tag of its own, which counts first.

    >>> timestamp("2024-01-02T03:04:05.5Z"), timestamp("2024:12:31 24:00:00")
    ('2024-01-02T03:04:05.5+00:00', '2025-01-01T00:00:00')
    """
    form = _FORM.fullmatch(time)
    if form is None:
        return None
    hour, minute, second = (int(form[name]) for name in ("hour", "minute", "second"))
    if (hour, minute, second) > (24, 0, 0) or minute > 59 or second > 60:  # 60: a leap second
        return None
    try:
        day = datetime(int(form["year"]), int(form["month"]), int(form["day"]))
        stamp = (day + timedelta(hours=hour, minutes=minute, seconds=second)).isoformat()
    except (ValueError, OverflowError):
        return None
    digits = fraction if fraction and re.fullmatch(r"\d+", fraction, re.ASCII) else form["fraction"]
    if digits:
        stamp += f".{digits[:_FRACTION_DIGITS]}"
    return stamp + (_offset(offset) or _offset(form["offset"]))


def _offset(text: str | None) -> str:
    """`+02:00` where the camera knew it; empty for anything else."""
    if text in ("Z", "z"):
        return "+00:00"
    form = _OFFSET.fullmatch(text or "")
    if form is None or int(form["hours"]) > _MAX_OFFSET_HOURS or int(form["minutes"]) > 59:
        return ""
    return f"{form['sign']}{form['hours']}:{form['minutes']}"

"""Finds the competitor that `--reference` names."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from difflib import get_close_matches

from piqa_cli.errors import PiqaError
from piqa_cli.rank.cells import Named, competitors_of, natural_order
from piqa_cli.records import Competitor
from piqa_cli.settings import By

_LISTED = 5
_ALIKE = 0.5


def find_reference(captures: Sequence[Named], reference: str, *, by: By | None) -> Competitor:
    """The competitor of that name among the captures of a run, scored or not.

    Args:
        captures: all of a run.
        reference: `DEVICE`, `DEVICE@FIRMWARE` or `DEVICE FIRMWARE`; the device alone does where
            it competes with one firmware.
        by: the competitor; None: device + firmware where any firmware is known.

    Raises:
        PiqaError: none has that name, or several.
    """
    rivals = sorted(set(competitors_of(captures, by)), key=natural_order)
    wanted = unicodedata.normalize("NFC", reference).strip()
    exact = [who for who in rivals if wanted in (who.name, f"{who.device} {who.firmware}")]
    found = exact or [who for who in rivals if who.device == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise PiqaError(
            f"--reference {reference!r} competes with {len(found)} firmwares: "
            f"say one of them, {_listed(found)}"
        )
    raise PiqaError(f"--reference {reference!r}: no such device here; {_advice(wanted, rivals)}")


def _advice(wanted: str, rivals: Sequence[Competitor]) -> str:
    by_lower = {who.name.lower(): who.name for who in rivals}
    near = get_close_matches(wanted.lower(), by_lower, n=1, cutoff=_ALIKE)
    return f"did you mean {by_lower[near[0]]!r}?" if near else f"there are {_listed(rivals)}"


def _listed(rivals: Sequence[Competitor]) -> str:
    more = f" and {len(rivals) - _LISTED} more" if len(rivals) > _LISTED else ""
    return ", ".join(repr(who.name) for who in rivals[:_LISTED]) + more

"""Functions that are imported when they are called: torch and its family take seconds to import."""

from __future__ import annotations

from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any


@dataclass(frozen=True, slots=True)
class Later:
    """A function of a module that isn't imported before the function is called.

    Attributes:
        place: `module:function`, as entry points name it.

    >>> Later("math:gcd")(12, 18)
    6
    """

    place: str

    def __call__(self, *given: Any) -> Any:
        """Calls the function, and returns what it returns."""
        return resolve_name(self.place)(*given)

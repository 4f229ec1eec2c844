"""piqa-cli: rank phones by portrait quality, scene by scene."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from piqa_cli.api import LoadedModel, load_model, open_run, rank_captures

__version__ = "0.1.0"
__all__ = ["LoadedModel", "load_model", "open_run", "rank_captures"]


def __getattr__(name: str) -> Any:
    """Imports the Python API when it is first used: it needs torch, most commands don't."""
    if name in __all__:
        from piqa_cli import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

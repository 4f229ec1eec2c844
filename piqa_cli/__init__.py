"""piqa-cli: rank phones by portrait quality, scene by scene."""

from __future__ import annotations

__version__ = "0.1.0"

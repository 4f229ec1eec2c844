"""Starts the engine of a Ray cluster, or says what is missing (no torch and no ray here)."""

from __future__ import annotations

from importlib.util import find_spec

from piqa_cli.errors import MissingPartError
from piqa_cli.score.engine import Engine, EngineTask
from piqa_cli.settings import RaySettings


def start_ray(task: EngineTask, *, settings: RaySettings) -> Engine:
    """The engine of a Ray cluster.

    Args:
        task: all that the engine must know beside the captures.
        settings: which cluster, and how it is used.

    Raises:
        MissingPartError: Ray isn't installed, no cluster answers, or weights are missing.
    """
    check_ray()
    from piqa_cli.score.on_ray.engine import RayEngine

    return RayEngine(task, settings)


def check_ray() -> None:
    """Refuses the engine where Ray isn't installed.

    Raises:
        MissingPartError: it isn't.
    """
    if find_spec("ray") is None:
        raise MissingPartError("--engine ray needs Ray: pip install 'piqa-cli[ray]'")

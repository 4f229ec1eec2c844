"""Parameters and multiply-accumulates of a published network, counted on torch's meta device.

Nothing is computed and no weights are needed: only shapes go through the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from piqa_cli.errors import PiqaError
from piqa_cli.models.spec import Model
from piqa_cli.models.view_types import Views

HEIGHT_PX, WIDTH_PX = 1800, 1350
"""The photograph that costs are counted for: a portrait format at the default working size."""
_FACE = (450.0, 400.0, 900.0, 1000.0)
_FLOP_PER_MAC = 2


@dataclass(frozen=True, slots=True)
class MeasuredCosts:
    """Size of a network as it is built here.

    Attributes:
        parameters_m: parameters, millions.
        gmac: multiply-accumulates of one photograph with all its views, in 10^9: of matrix
            products, convolutions and attention, as torch counts them.
        views: shapes of its inputs by name.
    """

    parameters_m: float
    gmac: float
    views: dict[str, tuple[int, ...]]


def measure(model: Model) -> MeasuredCosts | None:
    """Counts what scoring one photograph costs; None: the model has no published size.

    Raises:
        PiqaError: the network can't be built, or its forward pass needs values.
    """
    if model.full_size is None:
        return None
    try:
        with torch.device("meta"):
            network: Any = model.full_size()
        views = _views(network, needs_landmarks=model.spec.needs_landmarks)
        inputs = {
            name: torch.from_numpy(np.empty((1, *view.shape), view.dtype)).to("meta")
            for name, view in views.items()
        }
        counter = FlopCounterMode(display=False)
        with torch.no_grad(), counter:
            network.forward(inputs)
    except PiqaError:
        raise
    except Exception as error:  # anything a network can raise
        words = str(error).strip().splitlines() or ["no message"]
        raise PiqaError(
            f"the costs of {model.spec.name} can't be counted ({type(error).__name__}: {words[0]})"
        ) from error
    return MeasuredCosts(
        parameters_m=sum(one.numel() for one in network.parameters()) / 1e6,
        gmac=counter.get_total_flops() / _FLOP_PER_MAC / 1e9,
        views={name: view.shape for name, view in views.items()},
    )


def _picture() -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A picture of noise: views that look for something find it anywhere."""
    shape = (HEIGHT_PX, WIDTH_PX, 3)
    return np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)


def _views(network: Any, *, needs_landmarks: bool) -> Views:
    """The views of a picture with a face, and with landmarks where the network needs them."""
    if not needs_landmarks:
        views: Views = network.views(_picture(), _FACE)
        return views
    x0, y0, x1, y1 = _FACE
    turn = np.linspace(0, 2 * np.pi, 68, endpoint=False)
    on_circle = np.column_stack((np.cos(turn), np.sin(turn)))
    landmarks = on_circle * ((x1 - x0) / 3, (y1 - y0) / 3) + ((x0 + x1) / 2, (y0 + y1) / 2)
    turned: Views = network.views_with_landmarks(_picture(), _FACE, landmarks)
    return turned

"""HyperIQA (Su et al. 2020): the mean score of 25 crops, each by a network that it makes itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from piqa_cli.errors import MissingPartError
from piqa_cli.models.blocks.bundles import from_bundle
from piqa_cli.models.blocks.hyper import HyperNet
from piqa_cli.models.hyperiqa.views import CUTTINGS, hyperiqa_views
from piqa_cli.models.normalize import IMAGENET_MEAN, IMAGENET_STD, Normalize
from piqa_cli.models.protocol import Output
from piqa_cli.models.view_types import Cut, CutWithoutFace, FaceBox, Views

BUNDLE_FORMAT = "hyperiqa/1"
SIZES = {"width": 64, "depths": (3, 4, 6, 3), "target": 224, "patch_rate": 1}


class HyperIqa(nn.Module):
    """The hyper network on every crop.

    Args:
        sizes: see `HyperNet`.
        cutting: how the network's training cut pictures, one of `CUTTINGS`.
    """

    def __init__(self, sizes: Mapping[str, Any], cutting: str) -> None:
        super().__init__()
        self.cutting = cutting
        self.normalize = Normalize(IMAGENET_MEAN, IMAGENET_STD)
        self.hyper = HyperNet(**sizes)

    def views(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """See `hyperiqa_views`; the face changes nothing."""
        return hyperiqa_views(image, self.cutting)

    def cutter(self) -> Cut:
        """See `PortableModel`."""
        return CutWithoutFace(partial(hyperiqa_views, cutting=self.cutting))

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores (photos, 25) of `crops` (photos, 25, 224, 224, 3) uint8."""
        crops = views["crops"]
        scores, _ = self.hyper(self.normalize(crops.flatten(0, 1)))
        return Output(scores.unflatten(0, crops.shape[:2]))

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """Nothing: there is only the score."""
        return {}


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> HyperIqa:
    """The network with imported weights; see `from_bundle`. Metadata has `cutting`, too.

    Raises:
        MissingPartError: the bundle is of another format, or for crops of an unknown kind.
        RuntimeError: tensors are missing, unknown or of another shape.
    """
    again = "piqa-cli weights import hyperiqa"

    def network(sizes: dict[str, Any]) -> HyperIqa:
        if metadata["cutting"] in CUTTINGS:
            return HyperIqa(sizes, metadata["cutting"])
        raise MissingPartError(
            f"the weights of hyperiqa are for crops {metadata['cutting']!r}, which this version "
            f"doesn't know: import them again with `{again}`"
        )

    return from_bundle(network, state, metadata, wanted=BUNDLE_FORMAT, again=again)


def full_size() -> HyperIqa:
    """The published network without its weights."""
    return HyperIqa(SIZES, "stretched").eval()

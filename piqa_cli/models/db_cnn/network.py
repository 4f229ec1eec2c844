"""DB-CNN (Zhang et al. 2020): a network of contents, one of distortions, their products pooled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import interpolate, normalize

from piqa_cli.models.blocks.bundles import from_bundle
from piqa_cli.models.blocks.vgg import build_vgg
from piqa_cli.models.db_cnn.views import db_cnn_views
from piqa_cli.models.normalize import IMAGENET_MEAN, IMAGENET_STD, Normalize
from piqa_cli.models.precision import full_precision
from piqa_cli.models.protocol import Output
from piqa_cli.models.view_types import Cut, CutWithoutFace, FaceBox, Views

BUNDLE_FORMAT = "db-cnn/1"
FULL_SIZE: Mapping[str, Any] = {
    "vgg": [64, 128, 256, 512, 512],
    "scnn": [48, 48, 64, 64, 64, 64, 128, 128, 128],
}

SCNN_STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 2)


def scnn(widths: Sequence[int]) -> nn.Sequential:
    """The network that learnt to name synthetic distortions, without its classifier.

    Args:
        widths: channels of the nine convolutions.
    """
    layers: list[nn.Module] = []
    channels = 3
    for width, stride in zip(widths, SCNN_STRIDES, strict=True):
        convolution = nn.Conv2d(channels, width, 3, stride=stride, padding=1)
        layers += [convolution, nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
        channels = width
    return nn.Sequential(*layers)


class DbCnn(nn.Module):
    """One score a photograph, of the whole of it.

    Args:
        sizes: see `FULL_SIZE`.
    """

    def __init__(self, sizes: Mapping[str, Any]) -> None:
        super().__init__()
        self.normalize = Normalize(IMAGENET_MEAN, IMAGENET_STD)
        self.features1 = build_vgg(sizes["vgg"])
        self.features2 = scnn(sizes["scnn"])
        self.fc = nn.Linear(sizes["vgg"][-1] * sizes["scnn"][-1], 1)

    def views(self, image: NDArray[np.uint8], face: FaceBox | None) -> Views:
        """See `db_cnn_views`; the face changes nothing."""
        return db_cnn_views(image)

    def cutter(self) -> Cut:
        """See `PortableModel`."""
        return CutWithoutFace(db_cnn_views)

    def forward(self, views: dict[str, Tensor]) -> Output:
        """Scores (photos, 1) of `canvas` and `size`, see `db_cnn_views`.

        Photographs differ in shape, so they go through the network one by one: at this size one
        keeps a processor busy, and nothing beside the picture can reach its score.
        """
        photos = zip(views["canvas"][:, 0], views["size"][:, 0], strict=True)
        return Output(torch.cat([self.score(_cut(canvas, size)) for canvas, size in photos]))

    def score(self, picture: Tensor) -> Tensor:
        """Score (1, 1) of a picture (H, W, 3) uint8 of any size from 16 px on."""
        pixels = self.normalize(picture)[None]
        contents, distortions = self.features1(pixels), self.features2(pixels)
        with full_precision(pixels):
            found: Tensor = self.fc(_products(contents.float(), distortions.float()))
        return found

    def explain(self, output: Output, photo: int) -> dict[str, Any]:
        """Nothing: there is only the score."""
        return {}


def _cut(canvas: Tensor, size: Tensor) -> Tensor:
    """The picture on a canvas; all of it where tensors hold no numbers and costs are counted."""
    if size.is_meta:
        return canvas
    height, width = size.tolist()
    return canvas[:height, :width]


def _products(contents: Tensor, distortions: Tensor) -> Tensor:
    """(1, C, h, w) and (1, D, about h, about w) to (1, C * D): mean products, rooted, of length 1.

    Pooling rounds down and strides round up, so the second map may be larger by one.
    """
    if contents.shape[2:] != distortions.shape[2:]:
        distortions = interpolate(
            distortions, contents.shape[2:], mode="bilinear", align_corners=True
        )
    places = contents[0, 0].numel()
    products = contents.flatten(2) @ distortions.flatten(2).mT / places
    return normalize(torch.sqrt(products.flatten(1) + 1e-8))


def full_size() -> DbCnn:
    """The published network, without weights."""
    return DbCnn(FULL_SIZE).eval()


def build(state: dict[str, Tensor], metadata: dict[str, str]) -> DbCnn:
    """The network with imported weights; see `from_bundle`."""
    again = "piqa-cli weights import db-cnn"
    return from_bundle(DbCnn, state, metadata, wanted=BUNDLE_FORMAT, again=again)

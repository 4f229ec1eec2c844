"""The network before the first step: sizes, fresh weights from the seed, the backbone's file."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from torch import nn

from piqa_cli.models.tensors import check_strictly
from piqa_cli.train.tensor_file import read_tensors
from piqa_cli.train.zoo.options import ZooSettings
from piqa_cli.train.zoo.teaching import Teaching
from piqa_cli.weights.store import Source, sha256_of

_TEACHINGS = {
    "rq-net": ("rq_net", "RqNetTeaching"),
    "hyperiqa": ("hyper", "HyperIqaTeaching"),
    "sem-hyperiqa": ("hyper", "SemHyperIqaTeaching"),
    "full-hyperiqa": ("hyper", "FullHyperIqaTeaching"),
    "monet": ("monet", "MoNetTeaching"),
    "sar": ("sar", "SarTeaching"),
    "bdvqa": ("bdvqa", "BdvqaTeaching"),
}
_COUNTER = "num_batches_tracked"  # older files lack it, and only training reads it


def teaching_of(settings: ZooSettings, scenes: int) -> Teaching:
    """The model's teaching, with a class for each training scene where the model knows scenes."""
    module, name = _TEACHINGS[settings.model]
    kind = getattr(import_module(f"piqa_cli.train.zoo.{module}"), name)  # each is slow to import
    sizes: dict[str, Any] = dict(settings.sizes or kind.published)
    if "scenes" in sizes:
        sizes["scenes"] = scenes
    teaching: Teaching = kind(sizes)
    return teaching


def start_network(
    teaching: Teaching, settings: ZooSettings
) -> tuple[nn.Module, tuple[Source, ...]]:
    """The network on the CPU, and the files that weights came from.

    Raises:
        PiqaError: the backbone's file is missing, damaged or of another network.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        model = teaching.network()
    if settings.backbone is None:
        return model, ()
    _load_backbone(model, teaching, settings.backbone)
    teaching.freeze(model)  # never what is random: it would stay so
    return model, (Source(settings.backbone.name, sha256_of(settings.backbone)),)


def _load_backbone(model: nn.Module, teaching: Teaching, file: Path) -> None:
    state = teaching.of_backbone_file(read_tensors(file))
    state = {name: tensor for name, tensor in state.items() if not name.endswith(_COUNTER)}
    whole = model.state_dict()
    expected = {
        name.removeprefix(teaching.backbone): tuple(tensor.shape)
        for name, tensor in whole.items()
        if name.startswith(teaching.backbone) and not name.endswith(_COUNTER)
    }
    check_strictly(state, expected, file=file, what=f"backbone of {teaching.format.split('/')[0]}")
    loaded = {f"{teaching.backbone}{name}": tensor.float() for name, tensor in state.items()}
    model.load_state_dict({**whole, **loaded})

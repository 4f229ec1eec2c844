"""Start weights of the network: branches, MLP and LIQE, from files or fresh."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from piqa_cli.errors import MissingPartError, PiqaError
from piqa_cli.models.blocks.liqe import clip_file
from piqa_cli.models.blocks.liqe.prompts import LABELS
from piqa_cli.models.blocks.swin_file import convert_swin
from piqa_cli.models.dn_piqa.network import DnPiqa
from piqa_cli.models.dn_piqa.piq_model_file import BRANCHES
from piqa_cli.models.dn_piqa.views import CROP_SIDE_PX
from piqa_cli.models.tensors import State
from piqa_cli.train.dn_piqa.options import DnPiqaSettings
from piqa_cli.train.fresh import draw_linear_layers
from piqa_cli.train.tensor_file import read_tensors
from piqa_cli.weights.checkpoint import read_checkpoint
from piqa_cli.weights.load import load_tensors
from piqa_cli.weights.store import Source, find, sha256_of

SWIN_B: dict[str, Any] = {
    "embed_dim": 128,
    "depths": [2, 2, 18, 2],
    "num_heads": [4, 8, 16, 32],
    "window_size": 12,
}
HIDDEN = 128  # width of the MLP
_STEM = "patch_embed.proj.weight"
_LAST_GRID = CROP_SIDE_PX // 32  # tokens a side in a Swin's last stage


@dataclass(frozen=True, slots=True)
class Start:
    """A network before its first step.

    Attributes:
        model: all of it, on the CPU.
        sizes: that build it.
        sources: the files that weights came from.
        fresh: the parts that nothing was loaded for.
    """

    model: DnPiqa
    sizes: Mapping[str, Any]
    sources: tuple[Source, ...]
    fresh: tuple[str, ...]


def start_network(settings: DnPiqaSettings) -> Start:
    """Builds the network and fills it with what was named; the rest is fresh from the seed.

    Raises:
        PiqaError: a file is missing, damaged or of another network.
        MissingPartError: the imported bundle is needed and isn't there.
    """
    state: State = {}
    sizes: dict[str, Any] = {"full": SWIN_B, "face": SWIN_B, "hidden": HIDDEN}
    sources: list[Source] = []
    if settings.start == "imported" or settings.liqe is None:
        _take_bundle(settings, state, sizes, sources)
    named = {"full": settings.start_full, "face": settings.start_face}
    for branch, file in named.items():
        if file is not None:
            tensors, sizes[branch] = branch_of(file, branch)
            state = {n: t for n, t in state.items() if not n.startswith(f"{branch}.")} | tensors
            sources.append(Source(file.name, sha256_of(file)))
    if settings.liqe is not None:
        state |= _liqe(settings.liqe, sizes)
        sources.append(Source(settings.liqe.name, sha256_of(settings.liqe)))
    for branch in named:  # a fresh branch is as large as the other one
        other = "face" if branch == "full" else "full"
        if f"{branch}.{_STEM}" not in state and f"{other}.{_STEM}" in state:
            sizes[branch] = sizes[other]
    model = _fresh(sizes, settings.seed)
    fresh = tuple(p for p in ("full", "face", "quality") if not _has(state, p))
    model.load_state_dict({**model.state_dict(), **state})
    return Start(model, sizes, tuple(sources), fresh)


def branch_of(file: Path, branch: str) -> tuple[State, dict[str, Any]]:
    """A Swin transformer from a weights file of timm or of the authors, heads left behind.

    Finds the branch under any prefix (`feature_extraction.` as the authors', none as timm's);
    of a `PIQ_model.pth`, which holds two, takes the one asked for.

    Raises:
        PiqaError: no Swin transformer for 384 px is in the file.
    """
    state = read_tensors(file)
    prefixes = [name.removesuffix(_STEM) for name in state if name.endswith(_STEM)]
    prefix = BRANCHES[branch] if BRANCHES[branch] in prefixes else next(iter(prefixes), None)
    if prefix is None:
        raise PiqaError(f"{file}: no weights of a Swin transformer: no tensor ...{_STEM}")
    swin = {
        name.removeprefix(prefix): tensor
        for name, tensor in state.items()
        if name.startswith(prefix)
        and not name.removeprefix(prefix).startswith(("head.", "quality."))
    }
    tensors, sizes = convert_swin(swin, file, branch=branch)
    if _LAST_GRID % sizes["window_size"]:
        raise PiqaError(
            f"{file}: its windows are {sizes['window_size']} tokens wide: take a Swin transformer "
            f"for {CROP_SIDE_PX} px with windows of {_LAST_GRID}"
        )
    return tensors, sizes


def _take_bundle(
    settings: DnPiqaSettings, state: State, sizes: dict[str, Any], sources: list[Source]
) -> None:
    """Tensors that are wanted of the imported bundle: LIQE, and all the rest to start from it."""
    try:
        bundle = find("dn-piqa")
    except MissingPartError as error:
        hint = "" if settings.start == "imported" else "LIQE is needed: name --liqe LIQE.pt, or "
        raise MissingPartError(f"{hint}{error}") from None
    tensors, metadata = load_tensors(bundle)
    imported: dict[str, Any] = json.loads(metadata["sizes"])
    whole = settings.start == "imported"
    sizes |= {name: size for name, size in imported.items() if whole or name in _LIQE_SIZES}
    wanted = ("",) if whole else ("liqe.",)
    state |= {name: tensor for name, tensor in tensors.items() if name.startswith(wanted)}
    sources.append(Source(bundle.path.name, bundle.sha256))


_LIQE_SIZES = ("visual", "prompts")


def _liqe(file: Path, sizes: dict[str, Any]) -> State:
    state = read_checkpoint(file)
    if clip_file.MARKER not in state:
        raise PiqaError(f"{file}: not LIQE's LIQE.pt: lacks {clip_file.MARKER}")
    tensors, found = clip_file.convert_liqe(state, file)
    sizes |= found
    return tensors


def _fresh(sizes: Mapping[str, Any], seed: int) -> DnPiqa:
    """The network with random weights from the seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = DnPiqa(sizes, LABELS)
        draw_linear_layers(model.full)
        draw_linear_layers(model.face)
    return model


def _has(state: Mapping[str, Tensor], part: str) -> bool:
    return any(name.startswith(f"{part}.") for name in state)

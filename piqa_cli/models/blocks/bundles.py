"""Networks from weights files: the metadata says their sizes, the tensors are taken strictly."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from torch import Tensor, nn

from piqa_cli.errors import MissingPartError

Network = TypeVar("Network", bound=nn.Module)


def from_bundle(
    network: Callable[[dict[str, Any]], Network],
    state: dict[str, Tensor],
    metadata: Mapping[str, str],
    *,
    wanted: str,
    again: str,
) -> Network:
    """The network with the weights of a bundle, in evaluation mode.

    Args:
        network: makes it of its sizes.
        state: every tensor of the bundle, float32. They become the network's own, without a copy.
        metadata: `format`, and `sizes` as JSON.
        wanted: the value of `format` that the network reads, `MODEL/VERSION`.
        again: command that makes the weights again.

    Raises:
        MissingPartError: the bundle is of another format.
        RuntimeError: tensors are missing, unknown or of another shape.
    """
    model = network(sizes_in(metadata, wanted=wanted, again=again))
    model.load_state_dict(state, strict=True, assign=True)
    return model.eval()


def sizes_in(metadata: Mapping[str, str], *, wanted: str, again: str) -> dict[str, Any]:
    """The sizes of a network, from the metadata `sizes` (JSON) of its weights.

    Args:
        metadata: of the weights file.
        wanted: the value of `format` that the network reads, `MODEL/VERSION`.
        again: command that makes the weights again.

    Raises:
        MissingPartError: the weights are of another format.

    >>> sizes_in({"format": "x/1", "sizes": '{"hidden": 9}'}, wanted="x/1", again="")
    {'hidden': 9}
    """
    if metadata.get("format") != wanted:
        raise MissingPartError(
            f"the weights of {wanted.partition('/')[0]} are in format {metadata.get('format')!r} "
            f"and this version reads {wanted!r}: make them again with `{again}`"
        )
    sizes: dict[str, Any] = json.loads(metadata["sizes"])
    return sizes

"""Which function builds which model. Importing this imports no network library."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from piqa_cli.models.protocol import QualityModel

Builder = Callable[[dict[str, Tensor], dict[str, str]], QualityModel]


def _dn_piqa(state: dict[str, Tensor], metadata: dict[str, str]) -> QualityModel:
    from piqa_cli.models.dn_piqa import build  # timm and open_clip take seconds to import

    return build(state, metadata)


def _dn_piqa_mini(state: dict[str, Tensor], metadata: dict[str, str]) -> QualityModel:
    from piqa_cli.models.dn_piqa_mini.network import build

    return build(state, metadata)


BUILDERS: dict[str, Builder] = {
    "dn-piqa": _dn_piqa,
    "dn-piqa-mini": _dn_piqa_mini,
}

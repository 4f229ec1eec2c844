"""CLIP's image tower, whole and its first blocks, against the plain reference."""

import numpy as np
import torch

from piqa_cli.models.blocks.clip_tower import ClipBlocks, build_visual
from tests.models.reference.checkpoints import Sizes, liqe_shapes, parameter
from tests.models.reference.networks import clip_block, clip_start, norm

SIZES = {"image_size": 224, "patch_size": 56, "width": 128, "heads": 2}
SHAPES = liqe_shapes(Sizes(visual_width=128, text_width=64, layers=3, output=16, patch=56))
TOWER = {n: torch.from_numpy(parameter(n, s)) for n, s in SHAPES.items() if n.startswith("visual.")}
STATE = {name.removeprefix("visual."): tensor for name, tensor in TOWER.items()}
PIXELS = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(1))


@torch.inference_mode()
def expected(blocks):
    """Tokens of the first picture after some blocks."""
    x = clip_start(TOWER, "visual.", PIXELS[0])
    for block in range(blocks):
        x = clip_block(TOWER, f"visual.transformer.resblocks.{block}", x, 0)
    return x


@torch.inference_mode()
def test_feature_and_tokens():
    tower = build_visual(**SIZES, layers=3, output_dim=16, tokens=True).eval()
    tower.load_state_dict(STATE)
    feature, tokens = tower(PIXELS)
    last = norm(TOWER, "visual.ln_post", expected(3))
    np.testing.assert_allclose(tokens[0], last[1:], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(feature[0], last[0] @ STATE["proj"], rtol=1e-5, atol=1e-5)


@torch.inference_mode()
def test_every_block_gives_its_map():
    blocks = ClipBlocks(**SIZES, layers=2).eval()
    blocks.load_state_dict({name: STATE[name] for name in blocks.state_dict()})
    maps = blocks(PIXELS)
    assert [tuple(found.shape) for found in maps] == [(2, 128, 4, 4)] * 2
    for number, found in enumerate(maps, start=1):
        np.testing.assert_allclose(
            found[0].flatten(1).T, expected(number)[1:], rtol=1e-5, atol=1e-5
        )


def test_frozen_blocks_learn_nothing():
    blocks = ClipBlocks(**SIZES, layers=3)
    blocks.freeze(2)
    learning = {name for name, tensor in blocks.named_parameters() if tensor.requires_grad}
    assert learning
    assert all(name.startswith("transformer.resblocks.2.") for name in learning)

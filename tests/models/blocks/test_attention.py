"""Attention against PyTorch's and timm's, which have other names or other orders of summing."""

import pytest
import torch
from timm.models.swin_transformer import SwinTransformerBlock
from torch.nn.functional import multi_head_attention_forward

from piqa_cli.models.blocks.attention import Attention, as_maps, as_tokens
from piqa_cli.models.blocks.windows import WindowBlock


@torch.inference_mode()
def test_heads_and_mask_are_those_of_pytorch():
    torch.manual_seed(1)
    ours, x = Attention(8, heads=2), torch.randn(3, 5, 8)
    mask = torch.tensor([[True] * 5, [True, True, False, False, False], [False, True] * 2 + [True]])
    parts = (ours.query, ours.key, ours.value)
    expected, _ = multi_head_attention_forward(
        *(x.transpose(0, 1),) * 3, 8, 2,
        torch.cat([part.weight for part in parts]), torch.cat([part.bias for part in parts]),
        None, None, False, 0.0, ours.out.weight, ours.out.bias,
        training=False, key_padding_mask=~mask,
    )  # fmt: skip
    torch.testing.assert_close(ours(x, mask), expected.transpose(0, 1))


@pytest.mark.parametrize("shifted", [False, True])
@torch.inference_mode()
def test_a_block_of_windows_equals_timms(shifted):
    torch.manual_seed(2)
    ours = WindowBlock(16, grid=8, window=4, heads=2, hidden=24, shifted=shifted)
    torch.nn.init.normal_(ours.attn.relative_position_bias_table)
    theirs = SwinTransformerBlock(
        16, (8, 8), num_heads=2, window_size=4, shift_size=2 * shifted, mlp_ratio=1.5
    )
    theirs.load_state_dict(ours.state_dict(), strict=True)
    tokens = torch.randn(2, 64, 16)
    expected = as_tokens(theirs(as_maps(tokens).permute(0, 2, 3, 1)).permute(0, 3, 1, 2))
    torch.testing.assert_close(ours(tokens), expected)

"""Swin and CLIP in plain tensor arithmetic, one picture at a time, as their papers state them.

Liu et al. 2021 in the tensor names of timm 0.6.7; Radford et al. 2021 in OpenAI's names. Eager
attention, masks and position indices taken from the checkpoint. Nothing of piqa_cli is used.
"""

from __future__ import annotations

import torch
from torch.nn.functional import conv2d, gelu, layer_norm, linear

WINDOW = 12


def norm(w, name, x):
    return layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], 1e-5)


def affine(w, name, x):
    return linear(x, w[name + ".weight"], w.get(name + ".bias"))


def attention(q, k, v, heads, bias):
    """q, k, v (tokens, width), bias broadcastable to (heads, tokens, tokens)."""
    tokens, width = q.shape
    q, k, v = (t.reshape(tokens, heads, width // heads).transpose(0, 1) for t in (q, k, v))
    weights = (q @ k.transpose(1, 2) * (width // heads) ** -0.5 + bias).softmax(dim=-1)
    return (weights @ v).transpose(0, 1).reshape(tokens, width)


def swin(w, crop):
    """(3, 384, 384) normalised to (8 * embed,) features; `w` is one branch in old names."""
    x = conv2d(crop[None], w["patch_embed.proj.weight"], w["patch_embed.proj.bias"], stride=4)
    x = norm(w, "patch_embed.norm", x[0].permute(1, 2, 0))
    for stage in range(4):
        block = 0
        while f"layers.{stage}.blocks.{block}.norm1.weight" in w:
            x = swin_block(w, f"layers.{stage}.blocks.{block}", x, shifted=block % 2 == 1)
            block += 1
        if stage < 3:
            x = merge(w, f"layers.{stage}.downsample", x)
    return norm(w, "norm", x).mean(dim=(0, 1))


def swin_block(w, name, x, *, shifted):
    """(side, side, width) tokens through windowed attention and the MLP."""
    shift = WINDOW // 2 if shifted and len(x) > WINDOW else 0
    y = norm(w, name + ".norm1", x).roll((-shift, -shift), (0, 1))
    rows = []
    for top in range(0, len(x), WINDOW):
        row = []
        for left in range(0, len(x), WINDOW):
            number = top // WINDOW * (len(x) // WINDOW) + left // WINDOW
            mask = w[name + ".attn_mask"][number] if shift else 0
            tokens = y[top : top + WINDOW, left : left + WINDOW].reshape(WINDOW**2, -1)
            row.append(window_attention(w, name + ".attn", tokens, mask))
        rows.append(torch.cat(row, dim=1))
    x = x + torch.cat(rows, dim=0).roll((shift, shift), (0, 1))
    y = gelu(affine(w, name + ".mlp.fc1", norm(w, name + ".norm2", x)))
    return x + affine(w, name + ".mlp.fc2", y)


def window_attention(w, name, tokens, mask):
    table = w[name + ".relative_position_bias_table"]
    bias = table[w[name + ".relative_position_index"]].permute(2, 0, 1) + mask
    q, k, v = affine(w, name + ".qkv", tokens).chunk(3, dim=-1)
    y = affine(w, name + ".proj", attention(q, k, v, table.shape[1], bias))
    return y.reshape(WINDOW, WINDOW, -1)


def merge(w, name, x):
    corners = (x[0::2, 0::2], x[1::2, 0::2], x[0::2, 1::2], x[1::2, 1::2])
    return affine(w, name + ".reduction", norm(w, name + ".norm", torch.cat(corners, dim=-1)))


def tower(w, prefix, x, bias):
    """(tokens, width) through all blocks of a tower of CLIP."""
    layer = 0
    while f"{prefix}transformer.resblocks.{layer}.ln_1.weight" in w:
        x = clip_block(w, f"{prefix}transformer.resblocks.{layer}", x, bias)
        layer += 1
    return x


def clip_block(w, name, x, bias):
    """(tokens, width) through a block; heads are 64 wide, the activation is QuickGELU."""
    y = linear(
        norm(w, name + ".ln_1", x), w[name + ".attn.in_proj_weight"], w[name + ".attn.in_proj_bias"]
    )
    q, k, v = y.chunk(3, dim=-1)
    x = x + affine(w, name + ".attn.out_proj", attention(q, k, v, x.shape[1] // 64, bias))
    y = affine(w, name + ".mlp.c_fc", norm(w, name + ".ln_2", x))
    return x + affine(w, name + ".mlp.c_proj", y * torch.sigmoid(1.702 * y))


def clip_start(w, prefix, patch):
    """(3, 224, 224) normalised to the tokens that enter the first block, class token first."""
    kernel = w[prefix + "conv1.weight"]
    x = conv2d(patch[None], kernel, stride=kernel.shape[-1])[0].flatten(1).T
    x = torch.cat([w[prefix + "class_embedding"][None], x]) + w[prefix + "positional_embedding"]
    return norm(w, prefix + "ln_pre", x)


def clip_image(w, patch):
    """(3, 224, 224) normalised to a unit vector."""
    x = tower(w, "visual.", clip_start(w, "visual.", patch), 0)
    x = norm(w, "visual.ln_post", x[0]) @ w["visual.proj"]
    return x / x.norm()


def clip_text(w, tokens):
    """(77,) token numbers to a unit vector."""
    x = w["token_embedding.weight"][tokens] + w["positional_embedding"]
    causal = torch.full((77, 77), float("-inf")).triu(1)
    x = norm(w, "ln_final", tower(w, "", x, causal))
    x = x[tokens.argmax()] @ w["text_projection"]
    return x / x.norm()

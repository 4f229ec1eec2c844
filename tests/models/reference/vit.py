"""A vision transformer in plain arithmetic, one picture at a time, in float64.

Dosovitskiy et al. 2021, in timm's tensor names. Nothing of piqa_cli is used.
"""

from __future__ import annotations

import torch
from torch.nn.functional import conv2d, gelu, layer_norm, linear


def affine(w, name, x):
    return linear(x, w[name + ".weight"], w.get(name + ".bias"))


def norm(w, name, x, eps=1e-6):
    return layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], eps)


def attention(q, k, v, heads):
    """(queries, width), (keys, width), (keys, width): one head after the other."""
    results = []
    for part in range(heads):
        size = q.shape[1] // heads
        cut = slice(part * size, (part + 1) * size)
        weights = (q[:, cut] @ k[:, cut].T / size**0.5).softmax(dim=1)
        results.append(weights @ v[:, cut])
    return torch.cat(results, dim=1)


def block(w, name, x, heads):
    q, k, v = affine(w, name + ".attn.qkv", norm(w, name + ".norm1", x)).chunk(3, dim=1)
    x = x + affine(w, name + ".attn.proj", attention(q, k, v, heads))
    inner = gelu(affine(w, name + ".mlp.fc1", norm(w, name + ".norm2", x)))
    return x + affine(w, name + ".mlp.fc2", inner)


def vit_maps(w, prefix, picture, heads, wanted):
    """(side, side, 3) uint8 to a list of (width, S * S): tokens after the wanted blocks."""
    planes = ((picture.double() / 255 - 0.5) / 0.5).permute(2, 0, 1)
    kernel = w[prefix + "patch_embed.proj.weight"]
    patches = conv2d(
        planes[None], kernel, w[prefix + "patch_embed.proj.bias"], stride=kernel.shape[-1]
    )
    tokens = torch.cat((w[prefix + "cls_token"][0], patches[0].flatten(1).T))
    tokens = tokens + w[prefix + "pos_embed"][0]
    found = []
    for index in range(max(wanted) + 1):
        tokens = block(w, f"{prefix}blocks.{index}", tokens, heads)
        if index in wanted:
            found.append(tokens[1:].T)
    return found

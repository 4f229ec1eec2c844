"""DSL-FIQA from its description, in plain arithmetic, one crop at a time, in float64."""

from __future__ import annotations

import math

import torch
from torch.nn.functional import adaptive_avg_pool2d, conv2d, gelu, leaky_relu, relu

from tests.models.reference.dsl_fiqa_files import WINDOW
from tests.models.reference.monet import batch_norm
from tests.models.reference.vit import affine, attention, norm, vit_maps


def score(encoder, body, crop, landmarks, *, heads):
    """(side, side, 3) uint8 and (points,) to the score of one crop."""
    encoder, w = ({n: t.double() for n, t in state.items()} for state in (encoder, body))
    asking = degradation(encoder, crop)
    x = torch.cat(vit_maps(w, "vit.", crop, heads, [6, 7, 8, 9]))
    x = stage(w, x, "1")
    x = stage(w, x, "2")
    tokens = linear_map(w, "conv_decoder", x).T
    for index in range(3):
        tokens = decode(w, f"decoder.{index}", tokens, asking)
    seen = affine(w, "embed_mlp.3", relu(affine(w, "embed_mlp.0", waves(landmarks)))).sigmoid()
    tokens = torch.cat((tokens, seen[:, None]), dim=1)
    scores = relu(affine(w, "fc_score.3", relu(affine(w, "fc_score.0", tokens))))
    weights = affine(w, "fc_weight.3", relu(affine(w, "fc_weight.0", tokens))).sigmoid()
    return float((scores * weights).sum() / weights.sum())


def degradation(w, crop):
    """96 tokens."""
    x = (((crop.double() / 255) - 0.5) / 0.5).permute(2, 0, 1)[None]
    for layer, stride in zip((0, 3, 6, 9, 12, 15), (1, 1, 2, 1, 2, 1), strict=True):
        x = conv2d(x, w[f"E.{layer}.weight"], w[f"E.{layer}.bias"], stride=stride, padding=1)
        x = leaky_relu(batch_norm(w, f"E.{layer + 1}", x), 0.1)
    return adaptive_avg_pool2d(x, (8, 12))[0].flatten(1).T


def waves(numbers):
    parts = [numbers.double()]
    for power in range(10):
        angles = numbers.double() * 2.0**power
        parts += [angles.sin(), angles.cos()]
    return torch.cat(parts)


def stage(w, x, number):
    """(C, P): transposed attention twice, a narrower map, Swin."""
    for index in (0, 1):
        q, k, v = (affine(w, f"tablock{number}.{index}.c_{part}", x) for part in "qkv")
        mixed = (q @ k.T / math.sqrt(x.shape[1])).softmax(dim=1) @ v
        x = x + mixed.T.reshape(x.shape)  # written by place, read by channel
    tokens = linear_map(w, f"conv{number}", x).T
    for index in (0, 1):
        name = f"swintransformer{number}.layers.{index}"
        inner = swin_block(w, name + ".blocks.0", tokens, shifted=False)
        inner = swin_block(w, name + ".blocks.1", inner, shifted=True)
        conv = conv2d(as_map(inner), w[name + ".conv.weight"], w[name + ".conv.bias"], padding=1)
        tokens = tokens + 0.8 * relu(conv)[0].flatten(1).T
    return tokens.T


def linear_map(w, name, x):
    return w[name + ".weight"][:, :, 0, 0] @ x + w[name + ".bias"][:, None]


def as_map(tokens):
    side = math.isqrt(len(tokens))
    return tokens.T.reshape(1, -1, side, side)


def swin_block(w, name, tokens, *, shifted):
    side = math.isqrt(len(tokens))
    shift = WINDOW // 2 if shifted else 0
    normed = norm(w, name + ".norm1", tokens, 1e-5)
    table = w[name + ".attn.relative_position_bias_table"]
    bias = table[w[name + ".attn.relative_position_index"].long()].permute(2, 0, 1)
    result = torch.empty_like(tokens)
    number = 0
    for top in range(0, side, WINDOW):
        for left in range(0, side, WINDOW):
            places = [
                (top + y + shift) % side * side + (left + x + shift) % side
                for y in range(WINDOW)
                for x in range(WINDOW)
            ]
            mask = w[name + ".attn_mask"][number] if shifted else 0
            result[places] = window_attention(w, name + ".attn", normed[places], bias + mask)
            number += 1
    tokens = tokens + result
    inner = gelu(affine(w, name + ".mlp.fc1", norm(w, name + ".norm2", tokens, 1e-5)))
    return tokens + affine(w, name + ".mlp.fc2", inner)


def window_attention(w, name, tokens, bias):
    q, k, v = affine(w, name + ".qkv", tokens).chunk(3, dim=1)
    size = q.shape[1] // len(bias)
    results = []
    for head, places in enumerate(bias):
        cut = slice(head * size, (head + 1) * size)
        weights = (q[:, cut] @ k[:, cut].T / math.sqrt(size) + places).softmax(dim=1)
        results.append(weights @ v[:, cut])
    return affine(w, name + ".proj", torch.cat(results, dim=1))


def decode(w, name, tokens, asking):
    """Nearest of the degradation's tokens for every place, as query."""
    k, v = affine(w, name + ".attn.kv", norm(w, name + ".norm1", tokens)).chunk(2, dim=1)
    nearest = [place * len(asking) // len(tokens) for place in range(len(tokens))]
    q = affine(w, name + ".attn.q", asking)[nearest]
    tokens = tokens + affine(w, name + ".attn.proj", attention(q, k, v, 8))
    inner = affine(w, name + ".mlp.fc1", norm(w, name + ".norm2", tokens))
    kernel, bias = (w[f"{name}.mlp.dwconv.dwconv.{part}"] for part in ("weight", "bias"))
    inner = gelu(conv2d(as_map(inner), kernel, bias, padding=1, groups=len(kernel)))
    return tokens + affine(w, name + ".mlp.fc2", inner[0].flatten(1).T)

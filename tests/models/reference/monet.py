"""MoNet from its description, in plain arithmetic, one photo at a time, in float64."""

from __future__ import annotations

import torch
from torch.nn.functional import avg_pool2d, conv2d, relu

from tests.models.reference.vit import affine, block, vit_maps


def monet(w, photo, *, heads, wanted, mals):
    """(side, side, 3) uint8 to score and scene logits."""
    w = {name: tensor.double() for name, tensor in w.items()}
    maps = vit_maps(w, "vit.", photo, heads, wanted)
    opinions = [mal(w, f"mals.{index}", maps) for index in range(mals)]
    tokens = block(w, "block", mal(w, "fusion", opinions).T, heads)
    side = round(len(tokens) ** 0.5)
    x = tokens.T.reshape(1, -1, side, side)
    for index in (0, 4, 8):
        x = conv2d(x, w[f"cnn.{index}.weight"], w[f"cnn.{index}.bias"])
        x = relu(batch_norm(w, f"cnn.{index + 1}", x))
        x = avg_pool2d(x, 2 if index < 8 else x.shape[-1])
    x = x.flatten()
    score = affine(w, "score.3", relu(affine(w, "score.0", x)))
    return score, affine(w, "scene", x)


def batch_norm(w, name, x):
    mean, variance = w[name + ".running_mean"], w[name + ".running_var"]
    x = (x - mean[:, None, None]) / (variance[:, None, None] + 1e-5).sqrt()
    return x * w[name + ".weight"][:, None, None] + w[name + ".bias"][:, None, None]


def mal(w, name, maps):
    """n maps of (C, P) to one."""
    maps = [non_local(w, f"{name}.non_local.{index}", x) for index, x in enumerate(maps)]
    channels, positions = maps[0].shape
    by_channel = single(w, name + ".by_channel", torch.cat([x.T for x in maps], dim=1))
    by_position = single(w, name + ".by_position", torch.cat(maps, dim=1))
    total = torch.zeros_like(maps[0])
    for index in range(len(maps)):
        total += by_channel[:, index * channels : (index + 1) * channels].T / 2
        total += by_position[:, index * positions : (index + 1) * positions] / 2
    return total / len(maps)


def non_local(w, name, x):
    q, k, v = (
        w[f"{name}.{part}.weight"][:, :, 0] @ x + w[f"{name}.{part}.bias"][:, None]
        for part in ("query", "key", "value")
    )
    result = torch.empty_like(x)
    for position in range(x.shape[1]):
        result[:, position] = v @ (q[:, position] @ k).softmax(dim=0)
    return x + w[name + ".gamma"] * result


def single(w, name, x):
    q, k, v = (affine(w, f"{name}.{part}", x) for part in ("query", "key", "value"))
    return x + (q @ k.T / x.shape[1] ** 0.5).softmax(dim=1) @ v

"""HyperIQA, SEM- and FULL-HyperIQA in plain steps of float64, on the authors' tensor names.

Written from the papers; knows no piqa_cli. Weights are noise, so scores carry no quality meaning.
"""

import math
from itertools import pairwise

import numpy as np
import torch
from torch.nn import functional

CELLS = 7
PUBLISHED = {"width": 64, "depths": (3, 4, 6, 3), "target": 224}
TINY = {"width": 8, "depths": (1, 2, 1, 1), "target": 112}
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

HEADS = [
    *((f"res.lda{i + 1}_pool.0.", f"lda_modules.{i}.0.", f"local.{i}.reduce.") for i in range(3)),
    *((f"res.lda{i + 1}_fc.", f"lda_modules.{i}.3.", f"local.{i}.project.") for i in range(3)),
    ("res.lda4_fc.", "lda_modules.3.2.", "local.3.project."),
    *((f"conv1.{i}.", f"conv1.{i}.", f"features.{i}.") for i in (0, 2, 4)),
    *((f"fc{i + 1}w_conv.", f"fc_w_modules.{i}.", f"weights.{i}.") for i in range(4)),
    ("fc5w_fc.", "fc_w_modules.4.2.", "weights.4."),
    *((f"fc{i + 1}b_fc.", f"fc_b_modules.{i}.2.", f"biases.{i}.") for i in range(5)),
    ("res.", "base_model.", "backbone."),
]
"""Beginnings of the names: the authors', the re-implementation's, piqa-cli's."""


def renamed(state, layout):
    """A state of the authors' names, under those of another column of HEADS (1 or 2)."""
    return {
        next(row[layout] + name[len(row[0]) :] for row in HEADS if name.startswith(row[0])): tensor
        for name, tensor in state.items()
    }


def shapes(width, depths, target, rate=1):
    """Every tensor of the authors' file."""
    found = {"res.conv1.weight": (width, 3, 7, 7), **batch_norm("res.bn1.", width)}
    inputs = width
    for stage, depth in enumerate(depths):
        inner = width * 2**stage
        for block in range(depth):
            found |= bottleneck(f"res.layer{stage + 1}.{block}.", inputs, inner, first=not block)
            inputs = 4 * inner
    return found | head_shapes(inputs, target, rate)


def bottleneck(name, inputs, inner, *, first):
    found = {}
    parts = [(inner, inputs, 1), (inner, inner, 3), (4 * inner, inner, 1)]
    for number, (out, into, side) in enumerate(parts, 1):
        found[f"{name}conv{number}.weight"] = (out, into, side, side)
        found |= batch_norm(f"{name}bn{number}.", out)
    if first:
        found[name + "downsample.0.weight"] = (4 * inner, inputs, 1, 1)
        found |= batch_norm(name + "downsample.1.", 4 * inner)
    return found


def batch_norm(name, width):
    vectors = {name + part: (width,) for part in ("weight", "bias", "running_mean", "running_var")}
    return vectors | {name + "num_batches_tracked": ()}


def head_shapes(last, target, rate):
    wide, hyper = target * rate, target * rate // 2
    found = {}
    for stage in range(3):
        channels = last // 2 ** (3 - stage)
        squares = (2 ** (3 - stage) * rate) ** 2
        found[f"res.lda{stage + 1}_pool.0.weight"] = (channels // 16, channels, 1, 1)
        found |= linear(f"res.lda{stage + 1}_fc.", 16, channels // 16 * squares)
    found |= linear("res.lda4_fc.", wide - 48, last * rate**2)
    for name, out, into in (("0", 2, 1), ("2", 4, 2), ("4", None, 4)):
        found |= linear(f"conv1.{name}.", last // out if out else hyper, last // into, 1, 1)
    widths = [wide // 2**layer for layer in range(5)]
    for layer, (a, b) in enumerate(pairwise(widths), 1):
        found |= linear(f"fc{layer}w_conv.", a * b // (CELLS * rate) ** 2, hyper, 3, 3)
    found |= linear("fc5w_fc.", widths[4], hyper)
    for layer, out in enumerate([*widths[1:], 1], 1):
        found |= linear(f"fc{layer}b_fc.", out, hyper)
    return found


def linear(name, out, *rest):
    return {name + "weight": (out, *rest), name + "bias": (out,)}


def noise(shapes, seed=0):
    """Weights that neither blow up nor fade, so that float32 is as exact as it can be."""
    generator = torch.Generator().manual_seed(seed)
    found = {}
    for name, shape in shapes.items():
        drawn = torch.randn(shape, generator=generator)
        if name.endswith("num_batches_tracked"):
            found[name] = torch.tensor(7)
        elif name.endswith("running_var") or (len(shape) == 1 and name.endswith("weight")):
            found[name] = 1 + 0.2 * drawn.clamp(-2, 2)
        elif len(shape) == 1:
            found[name] = 0.2 * drawn
        else:
            gain = 2 if name.startswith(("scenes.", "rescale.")) else 1  # classes that differ
            found[name] = drawn * gain / math.sqrt(math.prod(shape[1:]))
    return found


def hyper(crops, state, rate=1):
    """Scores (n,) and hyper features of (n, side, side, 3) uint8 crops."""
    state = {name: tensor.double() for name, tensor in state.items()}
    pixels = torch.from_numpy(np.asarray(crops)).double() / 255
    pixels = ((pixels - torch.tensor(MEAN)) / torch.tensor(STD)).permute(0, 3, 1, 2)
    maps = resnet(pixels, state)
    vector = torch.cat([local(maps[stage], state, stage + 1) for stage in range(4)], dim=1)
    features = maps[3]
    for name in ("conv1.0", "conv1.2", "conv1.4"):
        features = convolved(features, state, name).relu()
    scores = [
        target_score(vector[i], features[i : i + 1], state, rate) for i in range(len(features))
    ]
    return np.array(scores), features


def resnet(maps, state):
    maps = normed(functional.conv2d(maps, state["res.conv1.weight"], None, 2, 3), state, "res.bn1.")
    maps = functional.max_pool2d(maps.relu(), 3, 2, 1)
    found = []
    for stage in range(1, 5):
        block = 0
        while f"res.layer{stage}.{block}.conv1.weight" in state:
            stride = 2 if stage > 1 and block == 0 else 1
            maps = residual(maps, state, f"res.layer{stage}.{block}.", stride)
            block += 1
        found.append(maps)
    return found


def residual(maps, state, name, stride):
    inner = functional.conv2d(maps, state[name + "conv1.weight"])
    inner = normed(inner, state, name + "bn1.").relu()
    inner = functional.conv2d(inner, state[name + "conv2.weight"], None, stride, 1)
    inner = normed(inner, state, name + "bn2.").relu()
    inner = normed(functional.conv2d(inner, state[name + "conv3.weight"]), state, name + "bn3.")
    if name + "downsample.0.weight" in state:
        maps = functional.conv2d(maps, state[name + "downsample.0.weight"], None, stride)
        maps = normed(maps, state, name + "downsample.1.")
    return (inner + maps).relu()


def normed(maps, state, name):
    weight, bias, mean, var = (
        state[name + part].reshape(-1, 1, 1)
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    return (maps - mean) / torch.sqrt(var + 1e-5) * weight + bias


def local(maps, state, stage):
    if stage < 4:
        maps = functional.conv2d(maps, state[f"res.lda{stage}_pool.0.weight"])
    n, channels, side, _ = maps.shape
    squares = side // CELLS
    means = torch.zeros(n, channels, squares, squares, dtype=torch.float64)
    for y in range(squares):
        for x in range(squares):
            square = maps[:, :, CELLS * y : CELLS * (y + 1), CELLS * x : CELLS * (x + 1)]
            means[:, :, y, x] = square.mean(dim=(2, 3))
    return means.reshape(n, -1) @ state[f"res.lda{stage}_fc.weight"].T + bias(state, stage)


def bias(state, stage):
    return state[f"res.lda{stage}_fc.bias"]


def convolved(maps, state, name, padding=0):
    return functional.conv2d(maps, state[name + ".weight"], state[name + ".bias"], 1, padding)


def target_score(vector, features, state, rate):
    """The score of one crop: layer by layer, neuron by neuron."""
    pooled = features[0].mean(dim=(1, 2))
    width = len(vector)
    for layer in range(1, 6):
        out = width // 2 if layer < 5 else 1
        if layer < 5:
            weights = convolved(features, state, f"fc{layer}w_conv", 1).flatten()
        else:
            weights = state["fc5w_fc.weight"] @ pooled + state["fc5w_fc.bias"]
        offsets = state[f"fc{layer}b_fc.weight"] @ pooled + state[f"fc{layer}b_fc.bias"]
        rows = [weights[width * row : width * (row + 1)] for row in range(out)]
        sums = torch.stack([row @ vector + offsets[i] for i, row in enumerate(rows)])
        vector = 1 / (1 + torch.exp(-sums)) if layer < 5 else sums
        width = out
    return float(vector[0])


def scene_logits(features, state):
    """Logits (C,) of one photograph from the hyper features (patches, channels, side, side)."""
    scenes, side = len(state["scenes.layers.4.bias"]), features.shape[-1]
    strips = []
    for scene in range(scenes):
        first, last = scene * side // scenes, -(-(scene + 1) * side // scenes)
        strips.append(features[:, :, :, first:last].mean(dim=(2, 3)))
    return mlp(torch.stack(strips, dim=-1).flatten(), state, "scenes.layers.", 3)


def mlp(vector, state, name, layers):
    for layer in range(layers):
        part = f"{name}{2 * layer}."
        vector = state[part + "weight"].double() @ vector + state[part + "bias"].double()
        vector = vector.relu() if layer < layers - 1 else vector
    return vector


def sem_score(pre_scores, logits, state):
    a, b = mlp(logits.softmax(dim=0), state, "rescale.layers.", 4).tolist()
    return a * np.mean(pre_scores) + b


def full_score(pre_scores, logits, state, kept):
    """Equation 1 of FHIQA, class by class."""
    probabilities = logits.softmax(dim=0).tolist()
    scenes = sorted(range(len(probabilities)), key=lambda scene: -probabilities[scene])[:kept]
    total, score = sum(probabilities[scene] for scene in scenes), 0.0
    for scene in scenes:
        one_hot = torch.zeros(len(probabilities), dtype=torch.float64)
        one_hot[scene] = 1
        a, b = mlp(one_hot, state, "rescale.layers.", 4).tolist()
        score += probabilities[scene] / total * (a * np.mean(pre_scores) + b)
    return score

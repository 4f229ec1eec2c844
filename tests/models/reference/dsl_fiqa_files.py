"""Stand-ins for `DE.pt` and `IQA.pt`: every name and shape in them, values from a seed."""

from __future__ import annotations

from dataclasses import dataclass

import torch

WINDOW = 4


@dataclass(frozen=True)
class Sizes:
    """Widths and counts; the defaults are the published ones."""

    side: int = 384
    patch: int = 16
    width: int = 768
    classes: int = 1000
    hidden: int = 768
    encoder: tuple[int, int, int] = (64, 128, 256)
    points: int = 500

    @property
    def grid(self):
        return self.side // self.patch


TINY = Sizes(side=48, patch=6, width=64, classes=5, hidden=48, encoder=(8, 16, 32), points=70)


def encoder_shapes(sizes):
    """Names of DE.pt and their shapes: convolutions at 0, 3 ... 15, each with its norm."""
    a, b, c = sizes.encoder
    found = {}
    for layer, (before, after) in enumerate(((3, a), (a, a), (a, b), (b, b), (b, c), (c, c))):
        found |= pair(f"E.{3 * layer}", (after, before, 3, 3))
        found |= pair(f"E.{3 * layer + 1}", (after,))
        for name in ("running_mean", "running_var"):
            found[f"E.{3 * layer + 1}.{name}"] = (after,)
        found[f"E.{3 * layer + 1}.num_batches_tracked"] = ()
    return found | pair("mlp.0", (c, c)) | pair("mlp.2", (c, c))


def body_shapes(sizes):
    """Names of IQA.pt and their shapes."""
    width, half, narrow = sizes.width, sizes.width // 2, sizes.encoder[-1]
    places = sizes.grid**2
    numbers = 21 * sizes.points
    found = {"vit.cls_token": (1, 1, width), "vit.pos_embed": (1, places + 1, width)}
    found |= pair("vit.patch_embed.proj", (width, 3, sizes.patch, sizes.patch))
    for block in range(12):
        found |= transformer(f"vit.blocks.{block}.", width, 4 * width)
    found |= pair("vit.norm", (width,)) | pair("vit.head", (sizes.classes, width))
    for stage, wide in (("1", width), ("2", half)):
        for index in (0, 1):
            for part in "qkv":
                found |= pair(f"tablock{stage}.{index}.c_{part}", (places, places))
        found |= swin(f"swintransformer{stage}.", wide, sizes)
    found |= pair("conv1", (width, 4 * width, 1, 1)) | pair("conv2", (half, width, 1, 1))
    found |= pair("conv_decoder", (narrow, half, 1, 1))
    for index in range(3):
        found |= decoder(f"decoder.{index}.", narrow)
    found |= pair("testmlp.0", (narrow, narrow)) | pair("testmlp.3", (narrow, narrow))
    found |= pair("embed_mlp.0", (numbers, numbers)) | pair("embed_mlp.3", (places, numbers))
    for head in ("fc_score", "fc_weight"):
        found |= pair(f"{head}.0", (narrow + 1, narrow + 1)) | pair(f"{head}.3", (1, narrow + 1))
    return found


def pair(name, shape):
    """A weight and its bias."""
    return {f"{name}.weight": shape, f"{name}.bias": shape[:1]}


def transformer(name, width, hidden):
    found = pair(name + "norm1", (width,)) | pair(name + "norm2", (width,))
    found |= pair(name + "attn.qkv", (3 * width, width)) | pair(name + "attn.proj", (width, width))
    return found | pair(name + "mlp.fc1", (hidden, width)) | pair(name + "mlp.fc2", (width, hidden))


def swin(name, width, sizes):
    found = pair(name + "downsample", (width, width, 3, 3))
    for stage in (0, 1):
        found |= pair(f"{name}layers.{stage}.conv", (width, width, 3, 3))
        for index in (0, 1):
            block = f"{name}layers.{stage}.blocks.{index}."
            found |= transformer(block, width, sizes.hidden)
            tokens, windows = WINDOW**2, sizes.grid**2 // WINDOW**2
            found[block + "attn.relative_position_bias_table"] = ((2 * WINDOW - 1) ** 2, 4)
            found[block + "attn.relative_position_index"] = (tokens, tokens)
            if index == 1:
                found[block + "attn_mask"] = (windows, tokens, tokens)
    return found


def decoder(name, width):
    found = pair(name + "norm1", (width,)) | pair(name + "norm2", (width,))
    found[name + "attn.task_query"] = (1, 1, width)
    found |= pair(name + "attn.q", (width, width)) | pair(name + "attn.kv", (2 * width, width))
    found |= pair(name + "attn.proj", (width, width))
    found |= pair(name + "mlp.fc1", (4 * width, width))
    found |= pair(name + "mlp.dwconv.dwconv", (4 * width, 1, 3, 3))
    return found | pair(name + "mlp.fc2", (width, 4 * width))


def states(sizes, seed=5):
    """States of both files: DE.pt, IQA.pt."""
    torch.manual_seed(seed)
    return tuple(
        {name: value(name, shape, sizes) for name, shape in shapes(sizes).items()}
        for shapes in (encoder_shapes, body_shapes)
    )


def value(name, shape, sizes):
    """Noise of a size that keeps signals alive; tables as the authors' code makes them."""
    if name.endswith("relative_position_index"):
        return relative_places()
    if name.endswith("attn_mask"):
        return shifted_windows(sizes.grid)
    if name.endswith("num_batches_tracked"):
        return torch.tensor(7)
    if name.endswith("running_var") or ("norm" in name and name.endswith("weight")):
        return torch.rand(shape) + 0.5
    fan = torch.Size(shape[1:]).numel() if len(shape) > 1 else 4
    return torch.randn(shape) / (2 * fan**0.5)  # more of it, and float32 loses digits


def relative_places():
    """Row of the bias table for every two places of a window."""
    places = [(y, x) for y in range(WINDOW) for x in range(WINDOW)]
    wide = 2 * WINDOW - 1
    rows = [
        [(y - v + WINDOW - 1) * wide + x - u + WINDOW - 1 for v, u in places] for y, x in places
    ]
    return torch.tensor(rows)


def shifted_windows(grid):
    """-100 where two places of a shifted window weren't neighbours before the shift."""

    def region(y, x):
        edges = (grid - WINDOW, grid - WINDOW // 2)
        return tuple(sum(place >= edge for edge in edges) for place in (y, x))

    masks = []
    for top in range(0, grid, WINDOW):
        for left in range(0, grid, WINDOW):
            window = [(top + y, left + x) for y in range(WINDOW) for x in range(WINDOW)]
            masks.append([[-100.0 * (region(*a) != region(*b)) for b in window] for a in window])
    return torch.tensor(masks)

"""Stand-ins for the authors' two files: their tensor names, values made from the names alone.

The weights are noise, so scores carry no quality meaning; they exercise every tensor. The
recipe is bit-exact on any machine (integer generator, correctly rounded operations):

    words = PCG64(first 8 bytes, little endian, of sha256(name)).random_raw(n)
    s     = sum of the four 16-bit quarters of each word
    z     = (s - 131070) / sqrt((65536**2 - 1) / 3)          mean 0, variance 1
    value = shift + scale * z, in float64, then float32, then float16 where it was stored so
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np
import torch

WINDOW = 12
GRIDS = (96, 48, 24, 12)  # tokens a side in the four stages of a 384 px input
Z_STD = math.sqrt((65536**2 - 1) / 3)
FULL = "feature_extraction.feature_extraction."
FACE = "feature_extraction_face.feature_extraction.feature_extraction."


@dataclass(frozen=True)
class Sizes:
    """Widths and depths; the defaults are the published ones."""

    embed: int = 128
    depths: tuple[int, ...] = (2, 2, 18, 2)
    heads: tuple[int, ...] = (4, 8, 16, 32)
    hidden: int = 128
    visual_width: int = 768
    text_width: int = 512
    layers: int = 12
    output: int = 512
    patch: int = 32  # side of the patches of CLIP's image tower


SMALL = Sizes(
    embed=16,
    depths=(2, 2, 2, 2),
    heads=(1, 2, 4, 8),
    hidden=16,
    visual_width=128,
    text_width=128,
    layers=2,
    output=64,
)


def swin_shapes(sizes):
    """Every tensor of one branch in the order in which timm 0.6.7 saved it, buffers included."""
    shapes = {
        "patch_embed.proj.weight": (sizes.embed, 3, 4, 4),
        "patch_embed.proj.bias": (sizes.embed,),
        "patch_embed.norm.weight": (sizes.embed,),
        "patch_embed.norm.bias": (sizes.embed,),
    }
    for stage, depth in enumerate(sizes.depths):
        width, windows = sizes.embed * 2**stage, (GRIDS[stage] // WINDOW) ** 2
        for j in range(depth):
            block = f"layers.{stage}.blocks.{j}."
            if j % 2 and windows > 1:
                shapes[block + "attn_mask"] = (windows, WINDOW**2, WINDOW**2)
            names = block_shapes(width, sizes.heads[stage])
            shapes |= {block + name: shape for name, shape in names.items()}
        if stage < 3:
            merge = f"layers.{stage}.downsample."
            shapes |= {merge + "norm.weight": (4 * width,), merge + "norm.bias": (4 * width,)}
            shapes[merge + "reduction.weight"] = (2 * width, 4 * width)
    return shapes | {"norm.weight": (8 * sizes.embed,), "norm.bias": (8 * sizes.embed,)}


def block_shapes(width, heads):
    return {
        "norm1.weight": (width,),
        "norm1.bias": (width,),
        "attn.relative_position_bias_table": ((2 * WINDOW - 1) ** 2, heads),
        "attn.relative_position_index": (WINDOW**2, WINDOW**2),
        "attn.qkv.weight": (3 * width, width),
        "attn.qkv.bias": (3 * width,),
        "attn.proj.weight": (width, width),
        "attn.proj.bias": (width,),
        "norm2.weight": (width,),
        "norm2.bias": (width,),
        "mlp.fc1.weight": (4 * width, width),
        "mlp.fc1.bias": (4 * width,),
        "mlp.fc2.weight": (width, 4 * width),
        "mlp.fc2.bias": (width,),
    }


def piq_shapes(sizes):
    swin = swin_shapes(sizes)
    return {
        **{FULL + name: shape for name, shape in swin.items()},
        **{FACE + name: shape for name, shape in swin.items()},
        "quality.0.weight": (sizes.hidden, 16 * sizes.embed + 495),
        "quality.0.bias": (sizes.hidden,),
        "quality.3.weight": (1, sizes.hidden),
        "quality.3.bias": (1,),
    }


def tower_shapes(prefix, width, layers):
    """The transformer blocks of one tower of CLIP."""
    block = {
        "attn.in_proj_weight": (3 * width, width),
        "attn.in_proj_bias": (3 * width,),
        "attn.out_proj.weight": (width, width),
        "attn.out_proj.bias": (width,),
        "ln_1.weight": (width,),
        "ln_1.bias": (width,),
        "mlp.c_fc.weight": (4 * width, width),
        "mlp.c_fc.bias": (4 * width,),
        "mlp.c_proj.weight": (width, 4 * width),
        "mlp.c_proj.bias": (width,),
        "ln_2.weight": (width,),
        "ln_2.bias": (width,),
    }
    return {
        f"{prefix}transformer.resblocks.{i}.{name}": shape
        for i in range(layers)
        for name, shape in block.items()
    }


def liqe_shapes(sizes):
    wide, text = sizes.visual_width, sizes.text_width
    return {
        "positional_embedding": (77, text),
        "text_projection": (text, sizes.output),
        "logit_scale": (),
        "visual.class_embedding": (wide,),
        "visual.positional_embedding": ((224 // sizes.patch) ** 2 + 1, wide),
        "visual.proj": (wide, sizes.output),
        "visual.conv1.weight": (wide, 3, sizes.patch, sizes.patch),
        "visual.ln_pre.weight": (wide,),
        "visual.ln_pre.bias": (wide,),
        **tower_shapes("visual.", wide, sizes.layers),
        "visual.ln_post.weight": (wide,),
        "visual.ln_post.bias": (wide,),
        **tower_shapes("", text, sizes.layers),
        "token_embedding.weight": (49408, text),
        "ln_final.weight": (text,),
        "ln_final.bias": (text,),
    }


def stored_half(name):
    """Tensors in float16 as in OpenAI's CLIP: linear and convolution weights, both projections."""
    return name in ("text_projection", "visual.proj", "visual.conv1.weight") or any(
        part in name for part in (".attn.", ".mlp.")
    )


def shift_scale(name, shape):
    """(shift, scale) of a parameter's values, from its name and shape."""
    *_, owner, last = ("", *name.split("."))
    if name == "logit_scale":
        return math.log(100.0), 0.0
    if owner.startswith(("norm", "ln_")):
        return (1.0, 0.1) if last == "weight" else (0.0, 0.05)
    if last in ("bias", "in_proj_bias") or name in ("token_embedding.weight", "quality.0.weight"):
        return 0.0, 0.05
    if last == "relative_position_bias_table" or (name.startswith("visual.") and "embed" in last):
        return 0.0, 0.5
    if name == "positional_embedding":
        return 0.0, 0.02
    if last in ("proj", "text_projection"):
        return 0.0, shape[0] ** -0.5
    return 0.0, float(np.prod(shape[1:])) ** -0.5


def parameter(name, shape):
    count = math.prod(shape)
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    words = np.random.PCG64(seed).random_raw(count).astype("<u8", copy=False)
    quarters = words.view("<u2").reshape(count, 4).sum(axis=1, dtype=np.int64)
    shift, scale = shift_scale(name, shape)
    return (shift + scale * ((quarters - 131070) / Z_STD)).astype(np.float32).reshape(shape)


def relative_position_index():
    """Row of the bias table for every pair of tokens in a window: dy * 23 + dx, both shifted."""
    y, x = np.divmod(np.arange(WINDOW**2), WINDOW)
    dy = y[:, None] - y[None, :] + WINDOW - 1
    dx = x[:, None] - x[None, :] + WINDOW - 1
    return (dy * (2 * WINDOW - 1) + dx).astype(np.int64)


def attention_mask(windows, shift=WINDOW // 2):
    """-100 between tokens of a rolled window that were no neighbours before, else 0."""
    k = math.isqrt(windows)
    band = np.zeros(k * WINDOW, np.int64)
    band[-WINDOW:-shift], band[-shift:] = 1, 2
    region = 3 * band[:, None] + band[None, :]
    tokens = region.reshape(k, WINDOW, k, WINDOW).swapaxes(1, 2).reshape(windows, WINDOW**2)
    return np.where(tokens[:, :, None] == tokens[:, None, :], 0, -100).astype(np.float32)


def value(name, shape):
    if name.endswith("relative_position_index"):
        return relative_position_index()
    if name.endswith("attn_mask"):
        return attention_mask(shape[0])
    return parameter(name, shape)


def piq_state(sizes=SMALL):
    """The content of `PIQ_model.pth`."""
    return {n: torch.from_numpy(value(n, shape)) for n, shape in piq_shapes(sizes).items()}


def liqe_state(sizes=SMALL):
    """The content of `LIQE.pt`: half precision where OpenAI's CLIP has it."""
    state = {n: torch.from_numpy(parameter(n, s)) for n, s in liqe_shapes(sizes).items()}
    return {n: t.half() if stored_half(n) else t for n, t in state.items()}


def digest(state):
    """SHA-256 over names and bytes of the parameters, in file order, buffers left out."""
    sha = hashlib.sha256()
    for name, tensor in state.items():
        if not name.endswith(("relative_position_index", "attn_mask")):
            sha.update(name.encode())
            sha.update(np.ascontiguousarray(tensor.numpy()).tobytes())
    return sha.hexdigest()

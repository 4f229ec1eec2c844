"""`LIQE.pt`: a CLIP model; its text tower runs once, at import, and isn't kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import open_clip
import torch
from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg
from torch import Tensor

from piqa_cli.models.blocks.clip_tower import HEAD_WIDTH, IMAGE_SIDE_PX, visual_sizes
from piqa_cli.models.blocks.liqe.prompts import LABELS, prompts
from piqa_cli.models.blocks.published_file import PublishedFile
from piqa_cli.models.spec import Checkpoint
from piqa_cli.models.tensors import Found, State, widened

ARCHITECTURE = "ViT-B-32-quickgelu"  # plain ViT-B-32 loads the same tensors and is wrong
MARKER = "visual.conv1.weight"  # name of a tensor that DN-PIQA's file doesn't have
CONTEXT_TOKENS = 77

_LONGEST_PROMPT_TOKENS = 24  # later places can't reach the earlier ones: the mask is causal
_PROMPTS_AT_ONCE = 99


def convert_liqe(
    state: State, file: Path, labels: Mapping[str, Sequence[str]] = LABELS
) -> tuple[State, dict[str, Any]]:
    """Runs the text tower and keeps the image tower: `liqe.visual.`, `.text`, `.logit_scale`.

    Args:
        state: a whole CLIP in OpenAI's names.
        file: named in errors.
        labels: words of the prompts that it was trained with.

    Returns:
        float32 tensors and the sizes: `visual`, `prompts`.

    Raises:
        PiqaError: tensors are missing, unknown, misshapen or not finite.
    """
    state, sizes = _FILE.read(Checkpoint(file, state))
    clip = _clip(sizes)
    clip.load_state_dict(state, strict=True, assign=True)
    vectors = text_vectors(clip.eval(), prompts(labels))
    kept = {n: t for n, t in state.items() if n.startswith("visual.") or n == "logit_scale"}
    tensors = widened({**kept, "text": vectors}, prefix="liqe.")
    return tensors, {"visual": sizes["visual"], "prompts": len(vectors)}


def text_vectors(clip: CLIP, texts: list[str]) -> Tensor:
    """(prompts, width) float32: the unit vector of every prompt."""
    tokens = open_clip.get_tokenizer(ARCHITECTURE)(texts)
    with torch.inference_mode():
        return torch.cat([_encode(clip, part) for part in tokens.split(_PROMPTS_AT_ONCE)]).clone()


def _encode(clip: CLIP, tokens: Tensor) -> Tensor:
    """Unit vectors of tokenised prompts, computed on the places that prompts use alone."""
    length = _LONGEST_PROMPT_TOKENS
    x = clip.token_embedding(tokens[:, :length]) + clip.positional_embedding[:length]
    x = clip.ln_final(clip.transformer(x, attn_mask=clip.attn_mask[:length, :length]))
    end = tokens.argmax(dim=-1)  # the end token has the highest number
    vectors: Tensor = x[torch.arange(len(x)), end] @ clip.text_projection
    return torch.nn.functional.normalize(vectors, dim=-1)


def _clip(sizes: Mapping[str, Any]) -> CLIP:
    """A CLIP of this size, without weights."""
    visual, text = sizes["visual"], sizes["text"]
    return CLIP(
        embed_dim=visual["output_dim"],
        vision_cfg=CLIPVisionCfg(
            layers=visual["layers"],
            width=visual["width"],
            head_width=HEAD_WIDTH,
            patch_size=visual["patch_size"],
            image_size=IMAGE_SIDE_PX,
        ),
        text_cfg=CLIPTextCfg(context_length=CONTEXT_TOKENS, **text),
        quick_gelu=True,
    )


def _sizes(found: Found) -> dict[str, Any]:
    """The sizes of both towers."""
    width = found.shape("ln_final.weight", 1)[0]
    text = {
        "width": width,
        "layers": found.count("transformer.resblocks."),
        "heads": width // HEAD_WIDTH,
    }
    return {"visual": visual_sizes(found), "text": text}


_FILE = PublishedFile(what="CLIP of LIQE", network=_clip, sizes=_sizes)

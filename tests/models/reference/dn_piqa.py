"""DN-PIQA from picture to score, plainly: every LIQE window unfolded, one crop at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import open_clip
import torch
from PIL import Image

from tests.models.reference.checkpoints import FACE, FULL
from tests.models.reference.networks import affine, clip_image, clip_text, swin

QUALITIES = "bad poor fair good perfect".split()
SCENES = "animal cityscape human indoor landscape night plant still_life others".split()
DISTORTIONS = (
    "jpeg2000 compression,jpeg compression,noise,blur,color,contrast,overexposure,"
    "underexposure,spatial,quantization,other"
).split(",")
PROMPT = "a photo of a {} with {} artifacts, which is of {} quality"


@dataclass(frozen=True)
class Expected:
    """Output of the plain pipeline for one picture."""

    crop_scores: list[float]
    logits: torch.Tensor


PROMPTS = [PROMPT.format(s, d, q) for q in QUALITIES for s in SCENES for d in DISTORTIONS]


def text_vectors(liqe, prompts=PROMPTS):
    """(495, width): all prompts through the whole text tower, one at a time."""
    tokens = open_clip.get_tokenizer("ViT-B-32-quickgelu")(prompts)
    return torch.stack([clip_text(liqe, row) for row in tokens])


def score(image, face_box, *, piq, liqe, text):
    """Scores (H, W, 3) uint8 pixels by the authors' tensors."""
    picture = Image.fromarray(image)
    if face_box is None:
        face = picture
    else:
        x0, y0, x1, y1 = face_box
        face = picture.crop((x0 - 20, y0 - 20, x1 + 20, y1 + 20))
    logits = liqe_logits(image, liqe, text)
    full_branch = {n.removeprefix(FULL): t for n, t in piq.items() if n.startswith(FULL)}
    face_branch = {n.removeprefix(FACE): t for n, t in piq.items() if n.startswith(FACE)}
    scores = []
    for full_crop, face_crop in zip(five_crops(picture), five_crops(face), strict=True):
        x = torch.cat([swin(full_branch, full_crop), swin(face_branch, face_crop), logits])
        scores.append(float(affine(piq, "quality.3", affine(piq, "quality.0", x).relu())))
    return Expected(scores, logits)


def five_crops(picture):
    short = min(picture.size)
    size = [int(448 * side / short) for side in picture.size]
    resized = picture.resize(size, Image.Resampling.BILINEAR)
    right, low = size[0] - 384, size[1] - 384
    centre = (int(np.round(right / 2)), int(np.round(low / 2)))
    for x, y in ((0, 0), (right, 0), (0, low), (right, low), centre):
        crop = np.asarray(resized.crop((x, y, x + 384, y + 384)))
        yield normalised(crop, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def liqe_logits(image, liqe, text):
    """(495,) mean logits over 15 of all the unfolded windows."""
    mean, std = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
    windows = normalised(image, mean, std).unfold(1, 224, 32).unfold(2, 224, 32)
    windows = windows.permute(1, 2, 0, 3, 4).reshape(-1, 3, 224, 224)
    step = len(windows) // 15
    vectors = torch.stack([clip_image(liqe, windows[i * step]) for i in range(15)])
    return (liqe["logit_scale"].exp() * vectors @ text.T).mean(dim=0)


def normalised(pixels, mean, std):
    planes = torch.from_numpy(np.array(pixels)).permute(2, 0, 1).float() / 255
    return (planes - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]

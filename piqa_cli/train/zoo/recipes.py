"""The recipes of the models, from their papers; reasons stand beside what the papers leave open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from piqa_cli.errors import PiqaError
from piqa_cli.train.zoo.recipe import TrainRecipe


@dataclass(frozen=True, slots=True)
class Published:
    """A model's recipe.

    Attributes:
        recipe: as published, with choices where it is silent.
        left_open: fields that the paper leaves open or unclear, each with the reason of the choice.
        backbone: the file that the authors start from, for messages.
    """

    recipe: TrainRecipe
    backbone: str
    left_open: Mapping[str, str] = field(default_factory=dict)


_RESNET = "a ResNet-50 of torchvision or timm, trained on ImageNet"
_CLIP = "CLIP ViT-B/16 (OpenAI's weights) as a state dict of open_clip"

_SEM_OPEN = {
    "backbone_rate": "1e-6 to 1e-4 are stated, the backbone's smaller than the heads'",
    "head_rate": "the upper end of the stated range",
    "weight_decay": "none is stated",
    "scenes": "no batch size is stated; --part saves memory",
    "huber_delta": "1 JOD, the usual value",
    "decay": "'a decay factor of 0.05' is read as 5 % less: times 0.05 would end learning after "
    "20 of 300 epochs",
}
_SEM = TrainRecipe(
    optimiser="adam", backbone_rate=1e-5, head_rate=1e-4, weight_decay=0.0, epochs=300,
    scenes=8, captures=1, quality="huber", huber_delta=1.0, scene_weight=0.5,
    schedule="step", decay=0.95, decay_epochs=10, patience=40,
)  # fmt: skip

RECIPES: dict[str, Published] = {
    "rq-net": Published(
        TrainRecipe(
            optimiser="adam", backbone_rate=1e-5, head_rate=1e-5, weight_decay=1e-5, epochs=50,
            scenes=4, captures=32, quality="scale-shift-invariant",
            schedule="cosine", warmup_epochs=3, average=0.99,
        ),
        _CLIP,
        {"warmup_from": "not stated; from 0", "floor": "not stated; to 0"},
    ),
    "hyperiqa": Published(
        TrainRecipe(
            optimiser="adam", backbone_rate=2e-5, head_rate=2e-4, weight_decay=5e-4, epochs=16,
            scenes=96, captures=1, repeats=25, quality="l1",
            schedule="step", decay=0.1, decay_epochs=6, head_boost_epochs=8,
        ),
        _RESNET,
    ),
    "sem-hyperiqa": Published(_SEM, _RESNET, _SEM_OPEN),
    "full-hyperiqa": Published(_SEM, _RESNET, _SEM_OPEN),
    "monet": Published(
        TrainRecipe(
            optimiser="adam", backbone_rate=1e-5, head_rate=1e-5, weight_decay=1e-5, epochs=100,
            scenes=11, captures=1, quality="mse", scene_weight=0.5,
            schedule="cosine", cycle_epochs=50,
        ),
        "timm's vit_base_patch16_384 (augreg_in21k_ft_in1k)",
        {
            "backbone_rate": "blanked in the survey; that of the same authors' PromptIQA",
            "head_rate": "as the backbone's, there too",
            "weight_decay": "blanked in the survey; a small usual value",
            "scene_weight": "no weight is stated; FHIQA's for the same task",
            "cycle_epochs": "a 'period of 50 epochs' begins anew at the full rate, so that the "
            "last one ends low",
        },
    ),
    "sar": Published(
        TrainRecipe(
            optimiser="adamw", backbone_rate=1e-4, head_rate=1e-4, weight_decay=1e-5, epochs=80,
            scenes=16, captures=1, quality="huber", huber_delta=0.2, scene_weight=0.5,
            schedule="cosine", cycle_epochs=30, floor=0.1, warmup_epochs=5, warmup_from=0.1,
        ),
        _CLIP,
        {
            "scene_weight": "no loss of the scene head is stated; cross-entropy as in FHIQA",
            "cycle_epochs": "'30 cycles' in 80 epochs are read as cycles of 30 epochs",
            "floor": "cycles end at the stated initial rate",
            "warmup_epochs": "from 1e-5 to 1e-4 is stated, not in how many epochs",
        },
    ),
    "bdvqa": Published(
        TrainRecipe(
            optimiser="adamw", backbone_rate=1e-5, head_rate=1e-4, weight_decay=1e-5, epochs=30,
            scenes=4, captures=4, quality="mse", rank_weight=1.0, schedule="cosine", floor=0.01,
        ),
        "timm's swin_base_patch4_window12_384 (ms_in22k_ft_in1k)",
        {
            "backbone_rate": "not stated; DN-PIQA's for the same backbone",
            "head_rate": "not stated; a new head may learn ten times as fast",
            "weight_decay": "not stated; a small usual value",
            "epochs": "not stated",
            "scenes": "not stated",
            "captures": "not stated; four captures make six pairs to rank",
            "rank_weight": "the equation is missing; both losses are in JOD",
            "schedule": "not stated",
        },
    ),
}  # fmt: skip


def published(model: str) -> Published:
    """The recipe of a model.

    Raises:
        PiqaError: `train model` doesn't train it.
    """
    if model not in RECIPES:
        raise PiqaError(
            f"`train model` knows no model {model!r}: choose one of {', '.join(RECIPES)}; "
            "`train dn-piqa` trains dn-piqa, `train run` dn-piqa-mini"
        )
    return RECIPES[model]

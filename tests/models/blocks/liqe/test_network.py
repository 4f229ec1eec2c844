"""LIQE's verdicts from logits, against the authors' figures; this needs no weights."""

import doctest

import pytest
import torch

from piqa_cli.models.blocks.liqe import prompts as prompts_of_liqe
from piqa_cli.models.blocks.liqe.network import verdict
from piqa_cli.models.blocks.liqe.prompts import LABELS, QUALITY_LABELS, prompts
from tests.models.reference.golden import GOLDEN

PICTURES = GOLDEN["pictures"]


@pytest.mark.parametrize("name", PICTURES)
def test_verdict_equals_the_authors(name):
    golden = PICTURES[name]
    found = verdict(torch.tensor(golden["liqe_logits"]), LABELS)
    assert found["liqe_quality"] == pytest.approx(golden["liqe_quality_score"], abs=1e-5)
    assert found["liqe_scene"] == golden["liqe_scene"]
    assert found["liqe_distortion"] == golden["liqe_distortion"]


def test_one_certain_prompt_is_the_verdict():
    logits = torch.zeros(495)
    logits[4 * 99 + 2 * 11 + 3] = 60.0  # perfect, human, blur
    assert verdict(logits, LABELS) == {
        "liqe_quality": pytest.approx(5.0),
        "liqe_scene": "human",
        "liqe_distortion": "blur",
    }


def test_prompts_without_scenes_have_no_scene():
    logits = torch.zeros(len(prompts(QUALITY_LABELS)))
    assert verdict(logits, QUALITY_LABELS) == {
        "liqe_quality": pytest.approx(3.0),
        "liqe_scene": None,
        "liqe_distortion": None,
    }


def test_examples():
    assert doctest.testmod(prompts_of_liqe).failed == 0

from __future__ import annotations

import numpy as np
import pytest
import torch

from piqa_cli.models.mini import FAULTS, LIGHT, LIGHT_UNITS, DnPiqaMini, branch_of_figures, light_of
from piqa_cli.train.dataset import Dataset, Row
from piqa_cli.train.groups import epoch_batches
from piqa_cli.train.steps import Material, light_loss, train_epoch

ROWS, SCENE = 480, 12


def material() -> Material:
    """Captures whose last figures tell the light, and nothing else does."""
    rng = np.random.default_rng(0)
    light = rng.uniform(-1, 1, (ROWS, len(LIGHT))).astype(np.float32)
    figures = rng.normal(size=(ROWS, len(branch_of_figures()))).astype(np.float32)
    figures[:, -len(LIGHT) :] = light + rng.normal(0, 0.05, light.shape)
    return Material(
        figures=torch.from_numpy(figures),
        labels=torch.from_numpy(-np.abs(light).sum(axis=1)),
        deviations=torch.zeros(ROWS),
        costs=torch.full((ROWS, len(FAULTS)), float("nan")),
        light=torch.from_numpy(light),
    )


def readings_after(shown: Material) -> np.ndarray:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = DnPiqaMini()
        optimiser = torch.optim.AdamW(model.parameters(), 3e-3)
        scenes = [f"scene{row // SCENE}" for row in range(ROWS)]
        for epoch in range(12):
            rng = np.random.default_rng(epoch)
            train_epoch(
                model,
                optimiser,
                shown,
                batches=epoch_batches(range(ROWS), scenes, batch=48, rng=rng),
                opinions=None,
                rng=rng,
            )
    model.eval()
    with torch.inference_mode():
        return light_of(model.heads_say(shown.figures)).mean(dim=1).numpy()


def agreement(readings: np.ndarray) -> list[float]:
    wanted = material().light.numpy()
    return [float(np.corrcoef(readings[:, n], wanted[:, n])[0, 1]) for n in range(len(LIGHT))]


def test_readers_learn_the_light_where_it_is_known():
    assert min(agreement(readings_after(material()))) > 0.9


def test_captures_whose_light_nobody_knows_teach_no_reading():
    spoken = torch.randn(6, 4, 15, generator=torch.Generator().manual_seed(0))
    light = torch.tensor([[0.5, -0.4, 0.1], [0.0, 0.0, 0.0], [-1.0, 0.2, 2.0]])
    unknown = torch.full((3, 3), float("nan"))
    assert float(light_loss(spoken[3:], unknown)) == 0
    known = float(light_loss(spoken[:3], light))
    assert known > 0
    assert float(light_loss(spoken, torch.cat([light, unknown]))) == pytest.approx(known)


def test_a_reading_that_nobody_knows_teaches_nothing_beside_those_known():
    spoken = torch.randn(1, 4, 15, requires_grad=True)
    light_loss(spoken, torch.tensor([[0.5, float("nan"), float("nan")]])).backward()
    assert spoken.grad is not None
    assert bool((spoken.grad[..., -3] != 0).all())
    assert not bool(spoken.grad[..., -2:].any())


def test_a_cast_counts_for_more_than_neutral_light():
    """Both are read wrongly by as much."""
    spoken = torch.zeros(2, 4, 15)
    spoken[0, :, -3], spoken[1, :, -3] = 1.0, 0.5
    first_wrong = float(light_loss(spoken, torch.tensor([[0.0, 0.0, 0.0], [0.5, 0.0, 0.0]])))
    second_wrong = float(light_loss(spoken, torch.tensor([[1.0, 0.0, 0.0], [-0.5, 0.0, 0.0]])))
    assert second_wrong > first_wrong


def test_the_light_of_a_data_set_is_in_the_networks_units(tmp_path):
    rows = (Row(tmp_path / "a", "s", 0, light=(0.5, -0.1, 1.5)), Row(tmp_path / "b", "s", 0))
    known, unknown = Dataset(rows, {}).light
    assert known.tolist() == pytest.approx([0.5, -0.1 * LIGHT_UNITS[1], 1.5])
    assert np.isnan(unknown).all()

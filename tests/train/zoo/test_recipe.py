from __future__ import annotations

import tomllib
from dataclasses import asdict

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.models.catalogue import MODELS
from piqa_cli.train.zoo.recipe import (
    TrainRecipe,
    as_toml,
    changed,
    read_changes,
    read_recipe_file,
)
from piqa_cli.train.zoo.recipes import RECIPES, published
from piqa_cli.train.zoo.schedule import rates_at

SAR = RECIPES["sar"].recipe


def test_every_model_that_is_trained_here_has_a_recipe():
    assert {name for name, model in MODELS.items() if model.trained_here} <= set(RECIPES)
    assert set(RECIPES) <= set(MODELS)


def test_reasons_belong_to_fields_of_the_recipe():
    fields = set(TrainRecipe.__dataclass_fields__)
    assert all(set(known.left_open) <= fields for known in RECIPES.values())


@pytest.mark.parametrize("name", RECIPES)
def test_a_printed_recipe_is_read_back_as_it_was(name, tmp_path):
    known = published(name)
    (tmp_path / "recipe.toml").write_text(as_toml(known.recipe, known.left_open))
    values = read_recipe_file(tmp_path / "recipe.toml")
    assert set(values) == set(asdict(known.recipe))
    assert changed(known.recipe, values, where="file") == known.recipe


def test_a_printed_recipe_says_what_was_left_open():
    text = as_toml(SAR, RECIPES["sar"].left_open)
    assert "cycle_epochs = 30  # open in the paper: '30 cycles' in 80 epochs" in text
    assert tomllib.loads(text)["huber_delta"] == 0.2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (["epoch=3"], "--set: a recipe has no 'epoch': did you mean 'epochs'?"),
        (["epochs"], "--set 'epochs': write KEY=VALUE, such as epochs=20"),
        (["epochs=0"], "--set: epochs is 0: it must be a whole number of 1 or more"),
        (["epochs=1.5"], "--set: epochs is 1.5: it must be a whole number of 1 or more"),
        (["head_rate=fast"], "--set: head_rate is 'fast': it must be a number of 0 or more"),
        (["head_rate=NaN"], "--set: head_rate is nan: it must be a number of 0 or more"),
        (["average=1"], "--set: average is 1: it must be below 1"),
        (["quality=l3"], "--set: quality is 'l3': choose one of l1, mse, huber, "),
        (["quality=plcc"], "--set: this loss compares captures of a scene: captures must be 2"),
    ],
)
def test_values_that_make_no_recipe_are_named(changes, message):
    with pytest.raises(PiqaError) as refused:
        changed(SAR, read_changes(changes), where="--set")
    assert str(refused.value).startswith(message)


def test_a_recipe_file_that_is_none_is_named(tmp_path):
    file = tmp_path / "recipe.toml"
    with pytest.raises(PiqaError, match=r"recipe .*recipe\.toml: No such file"):
        read_recipe_file(file)
    file.write_text("epochs = = 3")
    with pytest.raises(PiqaError, match=r"recipe\.toml is no TOML"):
        read_recipe_file(file)


def test_a_model_without_a_recipe_is_refused():
    with pytest.raises(PiqaError, match="knows no model 'liqe': choose one of rq-net, "):
        published("liqe")


def rates(name, *epochs):
    return [rates_at(RECIPES[name].recipe, epoch) for epoch in epochs]


def test_hyperiqas_rates_fall_tenfold_and_the_head_loses_its_lead():
    found = rates("hyperiqa", 0, 5.9, 6, 8, 12)
    assert found == [
        pytest.approx(pair)
        for pair in ((2e-5, 2e-4), (2e-5, 2e-4), (2e-6, 2e-5), (2e-6, 2e-6), (2e-7, 2e-7))
    ]


def test_rq_nets_rates_rise_and_then_fall_as_a_cosine():
    found = [head for _, head in rates("rq-net", 0, 1.5, 3, 26.5, 50 - 1e-9)]
    assert found == pytest.approx([0, 0.5e-5, 1e-5, 0.5e-5, 0], abs=1e-12)


def test_sars_cycles_begin_anew():
    found = [head for _, head in rates("sar", 0, 5, 20, 35 - 1e-9, 35)]
    assert found == pytest.approx([1e-5, 1e-4, 0.55e-4, 1e-5, 1e-4])


def test_semhyperiqas_rates_lose_five_per_cent_every_ten_epochs():
    assert [head for _, head in rates("sem-hyperiqa", 9.9, 10, 299)] == pytest.approx(
        [1e-4, 0.95e-4, 1e-4 * 0.95**29]
    )


def test_epochs_may_be_added_where_the_rates_do_not_depend_on_them():
    sem, rq = RECIPES["sem-hyperiqa"].recipe, RECIPES["rq-net"].recipe
    more = {"epochs": 400}
    assert changed(sem, more, where="").key() == sem.key()
    assert changed(rq, more, where="").key() != rq.key()

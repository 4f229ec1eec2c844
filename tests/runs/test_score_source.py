"""A source and a recipe are read back from run.json as they were."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.records import Recipe
from piqa_cli.records.recipe import PART_NAMES
from piqa_cli.runs.score_source import recipe_of, source_facts, source_of
from tests.runs.samples import GIVEN, MODEL, recipe


@pytest.mark.parametrize("source", [MODEL, GIVEN])
def test_it_comes_back_from_json(source):
    made = recipe(source, reading="read-1")
    info = json.loads(json.dumps(source_facts(source, made)))
    assert (source_of(info), recipe_of(info)) == (source, made)


def test_what_a_newer_version_adds_is_passed_over():
    info = source_facts(MODEL, recipe())
    info["model"]["colour"] = "blue"
    info["recipe"]["colour"] = "blue"
    assert (source_of(info), recipe_of(info)) == (MODEL, recipe())


def test_a_run_that_names_no_model_is_refused():
    with pytest.raises(PiqaError, match="doesn't say what made the scores"):
        source_of({})


def test_every_part_of_a_recipe_has_a_name():
    assert PART_NAMES.keys() == {field.name for field in fields(Recipe)}


def test_the_face_is_no_part_of_a_recipe_that_needs_none():
    known = {"weights_sha256": "ab", "working_size": "1350", "precision": "fp32", "reading": "r"}
    faces = {"detector": "mtcnn", "face_rule": "largest"}
    assert Recipe.of_model(MODEL, **known, **faces).detector == "mtcnn"
    faceless = Recipe.of_model(replace(MODEL, needs_face=False), **known, **faces)
    assert (faceless.detector, faceless.face_rule) == (None, None)

"""The tool itself: the same mutants for the same seed, and rules that can be broken."""

import numpy as np
import pytest

from piqa_cli.read.decode import read_photo
from tests.fuzz.judging import difference_of
from tests.fuzz.limits import MOST_UNSEEN
from tests.fuzz.mutations import MUTATIONS, mutate
from tests.fuzz.pictures import FUZZED, wholes
from tests.fuzz.reading import MOST_GROWTH_KB, Reading


@pytest.mark.parametrize("name", FUZZED)
def test_whole_pictures_are_read(name, tmp_path):
    for whole in wholes(name):
        file = tmp_path / "whole"
        file.write_bytes(whole.data)
        facts = read_photo(file, working_side_px=None).facts
        assert (facts.format, facts.damage, facts.warnings) == (name, None, ())


@pytest.mark.parametrize("kind", MUTATIONS)
def test_a_seed_gives_one_mutant(kind):
    for whole in (wholes("png")[2], wholes("webp")[1]):
        mutants = [mutate(whole, kind, seed) for seed in (1, 1, 2, 3, 4)]
        assert mutants[0] == mutants[1]
        assert len(set(mutants)) > 1
        assert whole.data not in mutants


def test_broken_rules_are_named():
    pixels = np.zeros((2, 2, 3), np.uint8)
    assert Reading(pixels, None).broken_rule is None
    assert Reading(pixels, None, MOST_GROWTH_KB + 1).broken_rule == "memory"
    assert Reading(None, "reading took longer than 10 s").broken_rule == "hang"
    assert Reading(None, "damaged JPEG: ValueError").broken_rule == "no reason"
    assert Reading(None, "damaged JPEG: the file ends too early").broken_rule is None
    assert Reading(None, "the reading process died (-11)").process_lost


def test_pixels_are_compared_by_shape_and_value():
    pixels = np.zeros((2, 3, 3), np.uint8)
    assert difference_of(pixels, pixels + 2) == 2
    assert difference_of(pixels, pixels.transpose(1, 0, 2)) is None


def test_every_format_has_a_limit():
    assert set(FUZZED) <= set(MOST_UNSEEN)

"""The examples in the docstrings are run."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    ("module", "n"),
    [("gates.wording", 4), ("settings_file", 4), ("cli.gate_lines", 1)],
)
def test_examples(module, n):
    result = doctest.testmod(importlib.import_module(f"piqa_cli.{module}"))
    assert (result.failed, result.attempted) == (0, n)

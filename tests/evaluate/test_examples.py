"""The examples in the docstrings are run."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(("module", "n"), [("aggregate", 2), ("listing", 1), ("wording", 1)])
def test_examples(module, n):
    result = doctest.testmod(importlib.import_module(f"piqa_cli.evaluate.{module}"))
    assert (result.failed, result.attempted) == (0, n)

"""One record a model: names agree, and neither catalogue nor views load a network library."""

from __future__ import annotations

import subprocess
import sys
from pkgutil import resolve_name

import pytest

from piqa_cli.models.catalogue import MODELS, model_of
from piqa_cli.resources import shipped_weights_dir
from piqa_cli.schema import CAPTURES


def test_every_model_stands_under_its_own_name():
    assert all(name == model.spec.name for name, model in MODELS.items())
    assert {"dn-piqa-mini", "dn-piqa"} <= set(MODELS)


def test_weights_ship_or_are_imported_or_trained():
    for name, model in MODELS.items():
        assert (shipped_weights_dir() / f"{name}.safetensors").is_file() == model.spec.ships
        sources = (model.spec.ships, bool(model.authors_files), bool(model.trained_here))
        assert sum(sources) == 1


def test_every_function_that_is_imported_later_is_there():
    for model in MODELS.values():
        files = model.authors_files
        for later in (model.build, model.full_size, files and files.convert):
            assert later is None or callable(resolve_name(later.place))


def test_explanations_are_columns_of_the_captures_once_each():
    names = [column.name for column in CAPTURES]
    assert len(names) == len(set(names))
    for model in MODELS.values():
        assert {column.name for column in model.explanations} <= set(names)
    assert [column.name for column in model_of("dn-piqa").explanations] == [
        "liqe_quality",
        "liqe_scene",
        "liqe_distortion",
    ]


@pytest.mark.parametrize(
    "module",
    [
        "blocks.liqe.windows",
        "catalogue",
        "dn_piqa.views",
        "dn_piqa_mini.views",
        "dsl_fiqa.views",
        "hyperiqa.views",
        "musiq.views",
        "rq_net.views",
        "sar.views",
        "sem_hyperiqa.views",
    ],
)
def test_facts_and_views_load_no_network_library(module):
    heavy = "{'torch', 'timm', 'open_clip', 'torchvision'}"
    code = f"import sys, piqa_cli.models.{module}; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

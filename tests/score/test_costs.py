"""Costs are counted from shapes alone, and stand beside the published ones."""

import json

import pytest
import torch

from piqa_cli.errors import PiqaError
from piqa_cli.models.catalogue import MODELS
from piqa_cli.models.protocol import Output
from piqa_cli.models.spec import Costs, Model
from piqa_cli.score.costs import measure


class Product(torch.nn.Module):
    """One product: 2 views x (1 x 48) by (48 x 10)."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Linear(48, 10, bias=False)

    def views(self, image, face):
        return {"patches": image[:8, :4].reshape(2, 48).astype("float32")}

    def forward(self, views):
        return Output(self.weight(views["patches"]).mean(dim=-1))


@pytest.fixture
def product(monkeypatch):
    spec = MODELS["dn-piqa"].spec
    model = Model(spec, build=None, full_size=Product, published=Costs(0.00048, 1.0, "one product"))
    for name in MODELS.keys() - {"dn-piqa", "dn-piqa-mini"}:  # the others take their time
        monkeypatch.delitem(MODELS, name)
    monkeypatch.setitem(MODELS, "dn-piqa", model)
    return model


def test_parameters_and_products_are_counted(product):
    found = measure(product)
    assert (found.parameters_m, found.gmac) == (0.00048, 2 * 48 * 10 / 1e9)
    assert found.views == {"patches": (2, 48)}


def test_a_model_without_a_published_size_has_none_and_a_fault_is_one_line(product):
    assert measure(MODELS["dn-piqa-mini"]) is None
    broken = Model(product.spec, build=None, full_size=lambda: torch.nn.Linear(2, 2))
    with pytest.raises(PiqaError, match=r"costs of dn-piqa can't be counted \(AttributeError: "):
        measure(broken)


def test_the_command_lists_them_and_marks_what_differs(product, piqa):
    lines = piqa("models", "--costs").stdout.splitlines()
    (row,) = (line for line in lines if line.startswith("dn-piqa "))
    assert row.split() == ["dn-piqa", "0.00", "0.00", "0.0", "1.0", "(differs)", "patches", "2x48"]
    assert "dn-piqa: one product" in lines
    rows = json.loads(piqa("models", "--costs", "--json").stdout)["models"]
    known = {row["name"]: row for row in rows}
    assert known["dn-piqa"]["counted"]["gmac"] == 2 * 48 * 10 / 1e9
    assert known["dn-piqa"]["published"] == {
        "parameters_m": 0.00048,
        "gmac": 1.0,
        "note": "one product",
    }
    assert known["dn-piqa-mini"]["counted"] is None


@pytest.mark.full_size
def test_dn_piqa_costs_what_is_published():
    found = measure(MODELS["dn-piqa"])
    assert found.gmac == pytest.approx(537, rel=0.01)
    assert found.parameters_m - 87.85 == pytest.approx(174.08, rel=0.001)

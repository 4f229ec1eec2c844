"""Models of other packages join the others, and a broken package costs nothing but its own."""

import sys

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.models.catalogue import MODELS, all_models, model_names, model_of
from piqa_cli.schema import own_columns
from piqa_cli.weights.store import find

SPEC = """
from dataclasses import replace
from piqa_cli.columns import Column
from piqa_cli.models.dn_piqa.spec import DN_PIQA

def model(name, *columns):
    return replace(DN_PIQA, spec=replace(DN_PIQA.spec, name=name), explanations=columns)

good = model("good", Column("haze", "float64", "how hazy it is"))
renamed = model("other")
stolen = model("stolen", Column("score", "float64", "mine"))
nothing = 5
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Installs packages: package("lab", good="lab_models:good")."""

    def install(distribution, **entries):
        site = tmp_path / distribution
        info = site / f"{distribution}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1\n")
        lines = [f"{name.replace('_', '-')} = {value}" for name, value in entries.items()]
        (info / "entry_points.txt").write_text("\n".join(["[piqa_cli.models]", *lines]))
        (site / "lab_models.py").write_text(SPEC)
        monkeypatch.syspath_prepend(str(site))

    yield install
    sys.modules.pop("lab_models", None)


def test_a_package_brings_a_model(package):
    package("lab", good="lab_models:good")
    assert model_names() == (*MODELS, "good")
    assert "lab_models" not in sys.modules  # names need no import
    assert model_of("good").spec.name == "good"
    assert list(all_models()[0]) == [*MODELS, "good"]
    assert [column.name for column in own_columns("good")] == ["haze"]
    with pytest.raises(PiqaError, match=r"no weights of good in .*: run `piqa-cli weights import"):
        find("good")


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (
            "lab_nowhere:good",
            "can't be loaded (ModuleNotFoundError: No module named 'lab_nowhere')",
        ),
        ("lab_models:nothing", "is no piqa_cli.models.spec.Model but int"),
        ("lab_models:renamed", "calls itself 'other'"),
    ],
)
def test_a_broken_package_is_named_and_costs_its_own_model(package, entry, reason):
    package("lab", broken=entry)
    models, troubles = all_models()
    assert models == MODELS
    assert len(troubles) == 1
    assert troubles[0].startswith(f"the model 'broken' of lab {reason}")
    with pytest.raises(PiqaError, match="the model 'broken' of lab "):
        model_of("broken")
    assert model_of("dn-piqa") is MODELS["dn-piqa"]


def test_names_that_clash_are_told_and_change_nothing(package):
    package("lab", dn_piqa="lab_models:good", combined="lab_models:good", twice="lab_models:good")
    package("other-lab", twice="lab_models:good", Loud="lab_models:good")
    models, troubles = all_models()
    assert models == MODELS
    assert {trouble.split(" of ")[0] for trouble in troubles if "isn't used" in trouble} == {
        "the model 'dn-piqa'",
        "the model 'combined'",
        "the model 'Loud'",
    }
    assert any(text.startswith("the model 'twice' is in ") for text in troubles)


def test_a_column_of_piqa_cli_cannot_be_taken(package):
    package("lab", stolen="lab_models:stolen")
    with pytest.raises(PiqaError, match="column 'score', which is one of piqa-cli's"):
        own_columns("stolen")


def test_the_list_of_models_warns(package, piqa):
    package("lab", broken="lab_nowhere:x")
    result = piqa("models")
    assert result.exit_code == 0
    assert "warning: the model 'broken' of lab can't be loaded" in result.stderr

"""Weights are found, and damaged ones never reach a network."""

import json
import subprocess
import sys

import pytest
import torch

from piqa_cli.errors import MissingPartError, PiqaError
from piqa_cli.resources import weights_dir
from piqa_cli.weights.load import load_tensors
from piqa_cli.weights.save import save_bundle
from piqa_cli.weights.store import Bundle, Source, find, list_bundles, trained_on, verify

IMPORT = (
    "run `piqa-cli weights import dn-piqa PIQ_model.pth LIQE.pt` "
    "with the authors' files (https://github.com/sunwei925/DN-PIQA)"
)


@pytest.fixture
def bundle():
    """Two tensors that call themselves the weights of dn-piqa."""
    state = {"b": torch.ones(2), "a": torch.zeros(3)}
    source = Source("LIQE.pt", "0" * 64)
    metadata = {"format": "1", "note": "x"}
    return save_bundle(state, metadata, model="dn-piqa", folder=weights_dir(), sources=[source])


def test_what_was_saved_is_found_and_loaded(bundle):
    assert find("dn-piqa") == bundle
    state, metadata = load_tensors(bundle)
    assert {name: tensor.tolist() for name, tensor in state.items()} == {
        "a": [0.0, 0.0, 0.0],
        "b": [1.0, 1.0],
    }
    assert metadata == {"format": "1", "note": "x"}


def test_equal_tensors_give_equal_bytes(bundle, tmp_path):
    state = {"a": torch.zeros(3), "b": torch.ones(2)}
    metadata = {"note": "x", "format": "1"}
    again = save_bundle(state, metadata, model="dn-piqa", folder=tmp_path)
    assert again.path.read_bytes() == bundle.path.read_bytes()


def test_weights_are_as_readable_as_any_file(bundle):
    assert bundle.path.stat().st_mode == bundle.path.with_suffix(".json").stat().st_mode


def test_sidecar_states_where_the_weights_come_from(bundle):
    assert json.loads(bundle.path.with_suffix(".json").read_text()) == {
        "model": "dn-piqa",
        "sha256": bundle.sha256,
        "bytes": bundle.path.stat().st_size,
        "sources": [{"name": "LIQE.pt", "sha256": "0" * 64}],
    }


def test_missing_weights_say_what_to_do():
    with pytest.raises(MissingPartError) as missing:
        find("dn-piqa")
    assert str(missing.value) == f"no weights of dn-piqa in {weights_dir()}: {IMPORT}"


def test_unknown_model_is_refused_with_the_nearest_name():
    with pytest.raises(PiqaError, match=r"'dn-pika': did you mean 'dn-piqa'\? The models are bdv"):
        find("dn-pika")
    with pytest.raises(
        PiqaError, match=r"unknown model 'nobody': choose one of bdvqa, .*dn-piqa, "
    ):
        find("nobody")


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"sha256": 3}', '{"sha256": "0", "sources": 1}']
)
def test_damaged_sidecar_is_named(bundle, content):
    sidecar = bundle.path.with_suffix(".json")
    sidecar.write_text(content)
    with pytest.raises(MissingPartError) as damaged:
        find("dn-piqa")
    assert str(damaged.value) == f"{sidecar} is damaged: {IMPORT}"


def test_one_flipped_bit_is_found(bundle):
    content = bytearray(bundle.path.read_bytes())
    content[-1] ^= 1
    bundle.path.write_bytes(content)
    for refuse in (verify, load_tensors):
        with pytest.raises(MissingPartError) as damaged:
            refuse(bundle)
        assert str(damaged.value).startswith(f"{bundle.path} is damaged: its SHA-256 begins ")
        assert str(damaged.value).endswith(f", not {bundle.sha256[:12]}: {IMPORT}")


def test_lost_file_is_named(bundle):
    bundle.path.unlink()
    with pytest.raises(MissingPartError) as lost:
        verify(bundle)
    assert str(lost.value) == f"{bundle.path}: No such file or directory: {IMPORT}"


def test_undamaged_weights_pass(bundle):
    verify(bundle)
    assert [found.sha256 for found in list_bundles() if found.model == "dn-piqa"] == [bundle.sha256]


def test_imported_weights_never_stand_in_for_shipped_ones(bundle):
    save_bundle({"a": torch.zeros(1)}, {}, model="dn-piqa-mini", folder=weights_dir())
    assert weights_dir() not in [b.path.parent for b in list_bundles() if b.model != "dn-piqa"]


def test_listing_imports_no_torch():
    code = (
        "import sys; from piqa_cli.weights.store import list_bundles; list_bundles();"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("metadata", "words"),
    [({"trained_on": "a lab's own ratings"}, "a lab's own ratings"), ({"seed": "1"}, None)],
)
def test_weights_say_what_they_were_trained_on(tmp_path, metadata, words):
    bundle = save_bundle({"a": torch.zeros(1)}, metadata, model="dn-piqa", folder=tmp_path)
    assert trained_on(bundle) == words


def test_a_broken_file_says_nothing_of_its_training(tmp_path):
    file = tmp_path / "dn-piqa.safetensors"
    for content in (b"", b"\xff" * 12, b"\x02" + bytes(7) + b"[]"):
        file.write_bytes(content)
        assert trained_on(Bundle("dn-piqa", file, "")) is None

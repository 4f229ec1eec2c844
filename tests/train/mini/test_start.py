from __future__ import annotations

import pytest
import torch

from piqa_cli.errors import MissingPartError
from piqa_cli.train.mini.start import imagenet_backbone, load_model, start_model
from piqa_cli.weights.save import save_bundle


@pytest.fixture(scope="module")
def weights(network, tmp_path_factory):
    state = {name: value.half().contiguous() for name, value in network.state_dict().items()}
    folder = tmp_path_factory.mktemp("weights")
    return save_bundle(state, {}, model="dn-piqa-mini", folder=folder).path


def test_a_training_starts_on_imagenet_features_with_an_untrained_head():
    model = start_model("imagenet")
    assert not model.training
    published = imagenet_backbone().state_dict()
    own = model.backbone.state_dict()
    assert all(torch.equal(own[name], value) for name, value in published.items())
    assert model.standardise.mean.abs().max() == 0


def test_an_untrained_head_repeats_by_seed():
    first, again, other = (start_model("imagenet", seed=seed) for seed in (1, 1, 2))
    assert torch.equal(first.costs[0].weight, again.costs[0].weight)
    assert not torch.equal(first.costs[0].weight, other.costs[0].weight)


def test_a_training_starts_from_a_weights_file(network, weights):
    model = start_model(str(weights))
    own = model.state_dict()
    assert all(torch.equal(own[n], v.half().float()) for n, v in network.state_dict().items())
    for name, value in model.backbone.state_dict().items():
        assert torch.equal(value, network.backbone.state_dict()[name])  # rounded from the start


def test_weights_that_are_missing_damaged_or_of_another_network_are_refused(tmp_path):
    with pytest.raises(MissingPartError, match=r"gone\.safetensors: .*: name a weights file"):
        load_model(tmp_path / "gone.safetensors")
    (tmp_path / "bad.safetensors").write_bytes(b"not weights")
    with pytest.raises(MissingPartError, match=r"bad\.safetensors is no safetensors file"):
        load_model(tmp_path / "bad.safetensors")
    other = save_bundle({"a": torch.zeros(1)}, {}, model="other", folder=tmp_path).path
    with pytest.raises(MissingPartError, match=r"holds no weights of dn-piqa-mini"):
        load_model(other)

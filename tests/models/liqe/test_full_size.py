"""A full-size stand-in of the authors' file is imported and scores one photo."""

import pytest
import torch
from skimage import data

from piqa_cli.score.scorer import load_scorer
from piqa_cli.weights.importing import import_weights
from tests.models.reference.checkpoints import Sizes, liqe_state
from tests.models.reference.dn_piqa import SCENES

pytestmark = pytest.mark.full_size


def test_published_size_loads_and_scores(tmp_path):
    torch.save(liqe_state(Sizes()), tmp_path / "LIQE.pt")
    bundle = import_weights("liqe", [tmp_path / "LIQE.pt"], folder=tmp_path)
    scorer = load_scorer(bundle, compute="cpu")
    found = scorer.score([scorer.views(data.astronaut(), None)])[0]
    assert 1 <= found.score <= 5
    assert found.explanation["liqe_quality"] == pytest.approx(found.score, rel=1e-5)
    assert found.explanation["liqe_scene"] in SCENES

from __future__ import annotations

import pytest

from piqa_cli.errors import PiqaError
from piqa_cli.train.judges.framing import judge_framing


def test_the_noise_of_framing_is_set_against_the_spread_of_a_scene(weights, rated):
    row = judge_framing(weights(seen=[rated], fold="2"), rated, framings=1, quiet=True)
    assert row.n_captures == 6
    assert 0 < row.noise < 10
    assert row.spread > 0
    assert row.ratio == row.noise / row.spread


def test_scenes_of_fewer_than_six_captures_are_refused(fresh, rated):
    table = rated.with_name("framing.csv")
    table.write_text("path,scene,jod,face_box\n0-0.png,a,1,\n0-1.png,a,2,\n")
    with pytest.raises(PiqaError, match="no scene to judge by"):
        judge_framing(fresh, table, quiet=True)

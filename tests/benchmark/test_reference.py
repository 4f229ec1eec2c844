"""The plain loop scores as the program does, from the same files."""

import pytest

from piqa_cli.benchmark.photographs import make_photographs
from piqa_cli.benchmark.reference import compare_with_loop


@pytest.mark.parametrize("side", [None, 400])
def test_scores_agree_within_1e_4(small, small_scorer, tmp_path, side):
    files = make_photographs(tmp_path, 2, megapixels=0.5)
    boxes = [(30.2, 40.0, 200.0, 260.7), None]
    found = compare_with_loop(small, small_scorer, files, boxes, working_side_px=side)
    assert found.photos == 2
    assert found.largest_difference < 1e-4
    assert 0 < found.ours.cpu_s < found.ours_whole.cpu_s
    assert 0 < found.loop.cpu_s < found.loop_whole.cpu_s


def test_the_model_keeps_its_fused_attention(small, small_scorer, tmp_path):
    files = make_photographs(tmp_path, 1, megapixels=0.3)
    compare_with_loop(small, small_scorer, files, [None], working_side_px=None)
    blocks = [module for module in small.modules() if hasattr(module, "fused_attn")]
    assert blocks
    assert all(module.fused_attn for module in blocks)

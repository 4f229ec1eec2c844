import torch

from piqa_cli.models.blocks.liqe.network import Liqe
from piqa_cli.models.protocol import Output
from piqa_cli.score.forward import Recorded, forward_of


class Product(torch.nn.Module):
    """One matrix product; its scores tell their type."""

    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(8, 1, bias=False)

    def forward(self, views):
        return Output(self.layer(views["x"]))


def test_bf16_products_are_bf16_and_need_no_gradient():
    forward = forward_of(Product(), torch.device("cpu"), precision="bf16", speedup="eager")
    scores = forward({"x": torch.ones(2, 8)}).scores
    assert scores.dtype == torch.bfloat16
    assert not scores.requires_grad


def test_what_cannot_be_recorded_stays_as_it_was():
    def forward(views):
        return Output(views["x"] * 2)

    recorded = Recorded(forward)  # a CPU has no graphs
    for level in (1.0, 2.0):
        assert recorded({"x": torch.full((1, 1), level)}).scores.item() == 2 * level
    assert recorded.trouble


def test_liqe_is_in_float32_at_any_precision():
    torch.manual_seed(0)
    sizes = {"image_size": 224, "patch_size": 32, "width": 64, "layers": 1, "heads": 1}
    liqe = Liqe(prompts=6, visual={**sizes, "output_dim": 16}).eval()
    liqe.text.normal_()
    patches = torch.randint(0, 256, (1, 2, 224, 224, 3), dtype=torch.uint8)
    with torch.no_grad():
        plain = liqe(patches)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            half = liqe(patches)
    assert torch.equal(half, plain)
    assert plain.abs().max() > 0

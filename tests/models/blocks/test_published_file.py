"""Published files: renamed by a table, checked against the network of their sizes."""

from pathlib import Path

import pytest
import torch
from torch import nn

from piqa_cli.errors import PiqaError
from piqa_cli.models.blocks.published_file import PublishedFile, check_files
from piqa_cli.models.spec import Checkpoint


def mlp_of(hidden):
    return nn.Sequential(nn.Linear(3, hidden), nn.Linear(hidden, 1))


LAYOUT = PublishedFile(
    what="two layers",
    network=lambda sizes: nn.Sequential(
        nn.Linear(3, sizes["hidden"]), nn.Linear(sizes["hidden"], 1)
    ),
    sizes=lambda found: {"hidden": found.shape("0.bias", 1)[0], "layers": found.count("")},
    names=((r"net\.", ""), (r"first\.", "0."), (r"layer(\d)\.", r"\1.")),
    left_out=r"net\.text\.",
)


def checkpoint(**changes):
    state = {
        "net.first.weight": torch.ones(4, 3, dtype=torch.half),
        "net.first.bias": torch.ones(4),
        "net.layer1.weight": torch.ones(1, 4),
        "net.layer1.bias": torch.ones(1),
        "net.text.weight": torch.full((9,), torch.nan),
    }
    state |= {f"net.{name.replace('__', '.')}": tensor for name, tensor in changes.items()}
    return Checkpoint(Path("a.pth"), {n: t for n, t in state.items() if t is not None})


def test_tensors_get_our_names_and_the_rest_is_left_out():
    tensors, sizes = LAYOUT.read(checkpoint(), prefix="mine.")
    assert list(tensors) == ["mine.0.weight", "mine.0.bias", "mine.1.weight", "mine.1.bias"]
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float32}
    assert sizes == {"hidden": 4, "layers": 2}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"first__bias": None}, "lacks 0.bias"),
        ({"first__bias": torch.ones(4, 1)}, "0.bias has 2 axes, not 1"),
        ({"layer1__bias": None}, "lacks 1.bias"),
        ({"layer2__bias": torch.ones(1)}, "has the unknown 2.bias"),
        ({"layer1__weight": torch.ones(1, 5)}, "has another shape for 1.weight"),
        ({"layer0__bias": torch.ones(4)}, "several tensors stand for one"),
    ],
)
def test_one_line_says_what_is_wrong(changes, message):
    with pytest.raises(PiqaError) as refused:
        LAYOUT.read(checkpoint(**changes))
    assert str(refused.value) == f"a.pth: two layers: {message}"


def test_numbers_that_are_none_are_found():
    with pytest.raises(PiqaError, match=r"a.pth: damaged: two layers: 1.bias holds NaN or inf"):
        LAYOUT.read(checkpoint(layer1__bias=torch.tensor([torch.nan])))


def test_sizes_that_no_network_has():
    layout = PublishedFile("a ViT", lambda sizes: nn.Conv2d(3, 4, 1, groups=3), lambda found: {})
    with pytest.raises(PiqaError, match=r"a.pth: a ViT: no network has its sizes: out_channels"):
        layout.read(checkpoint())


def test_swapped_and_foreign_files_are_told():
    one, two = (Checkpoint(Path(f"{n}.pt"), {n: torch.ones(1)}) for n in ("one", "two"))
    marks = {"A's one.pt": "one", "B's two.pt": "two"}
    check_files([one, two], marks, model="ab")
    with pytest.raises(PiqaError) as refused:
        check_files([two, one], marks, model="ab")
    assert str(refused.value) == (
        "two.pt is B's two.pt and one.pt is A's one.pt: "
        "swap them: `piqa-cli weights import ab one.pt two.pt`"
    )
    with pytest.raises(PiqaError, match=r"^one.pt: not B's two.pt: lacks two$"):
        check_files([one, one], marks, model="ab")

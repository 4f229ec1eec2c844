"""Installs models that every process can import, quick, and deadly for some pictures.

Pictures of one grey level end processes: 1 the one that reads, 2 the one that scores, each time;
3 and 4 do so only while a file lies beside the weights, which they remove. 5 and 6 do the same to
the process that waits for the one that cuts views. `quick-small` is `quick` as a small model.
"""

from __future__ import annotations

import torch

from piqa_cli.weights.save import save_bundle

MODULE = """
import multiprocessing
import os
import signal
import time
from dataclasses import replace
from pathlib import Path

from piqa_cli.models.dn_piqa_mini.spec import DN_PIQA_MINI
from piqa_cli.models.spec import Model

HERE = Path(__file__).parent


def die(level, always, once, process=os.getpid):
    if level == once and (HERE / f"die-{once}").exists():
        (HERE / f"die-{once}").unlink()
    elif level != always:
        return
    os.kill(process(), signal.SIGKILL)


def waiting():
    return multiprocessing.parent_process().pid


def build(state, metadata):
    from tests.fake_models import Light

    class Quick(Light):
        def views(self, image, face):
            level = image.min() if image.min() == image.max() else 0
            die(level, 1, 3)
            die(level, 5, 6, waiting)
            return super().views(image, face)

        def forward(self, views):
            time.sleep(float(os.environ.get("QUICK_SLEEP_S", 0)))
            for picture in views["whole"]:
                die(int(picture.min()) if picture.min() == picture.max() else 0, 2, 4)
            return super().forward(views)

    model = Quick()
    model.load_state_dict(state, strict=True)
    return model.eval()


QUICK = Model(
    replace(
        DN_PIQA_MINI.spec, name="quick", title="mean level", scale="relative", jod_per_unit=None,
        needs_face=False, min_side_px=16, preprocessing="quick/1", ships=False,
    ),
    build,
    weights_folder=HERE,
)
SMALL = replace(QUICK, spec=replace(QUICK.spec, name="quick-small"), small=True)
"""


def install_quick(folder):
    """Writes the package into a folder for PYTHONPATH."""
    package = folder / "quick_model_of_tests"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(MODULE)
    info = folder / "quick_model_of_tests-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: quick-model-of-tests\nVersion: 1\n"
    )
    (info / "entry_points.txt").write_text(
        "[piqa_cli.models]\n"
        "quick = quick_model_of_tests:QUICK\nquick-small = quick_model_of_tests:SMALL\n"
    )
    for name in ("quick", "quick-small"):
        save_bundle({"gain": torch.tensor(1.0)}, {}, model=name, folder=package)
    return package

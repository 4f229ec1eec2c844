"""Small models for runs of several: one that rates brightness, one that rates its opposite, and
dn-piqa-mini under another name."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import torch
from PIL import Image

from piqa_cli.models.catalogue import MODELS
from piqa_cli.models.dn_piqa_mini.spec import DN_PIQA_MINI
from piqa_cli.models.protocol import Output
from piqa_cli.models.spec import Model
from piqa_cli.resources import shipped_weights_dir
from piqa_cli.weights.save import save_bundle


class Light(torch.nn.Module):
    """Scores the mean level of the picture times its one weight."""

    def __init__(self):
        super().__init__()
        self.gain = torch.nn.Parameter(torch.ones(()), requires_grad=False)

    def views(self, image, face):
        small = np.asarray(Image.fromarray(image).resize((16, 16)))
        return {"whole": small[None]}

    def forward(self, views):
        return Output(self.gain * views["whole"].float().mean(dim=(2, 3, 4)) / 255)

    def explain(self, output, photo):
        return {}


def build_light(state, metadata):
    model = Light()
    model.load_state_dict(state, strict=True)
    return model.eval()


def add_models(monkeypatch, folder, **gains):
    """Adds `twin`, and a model of light for each gain, with weights in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for suffix in ("safetensors", "json"):
        shutil.copyfile(shipped_weights_dir() / f"dn-piqa-mini.{suffix}", folder / f"twin.{suffix}")
    twin = replace(DN_PIQA_MINI.spec, name="twin", title="dn-piqa-mini once more")
    models = {"twin": replace(DN_PIQA_MINI, spec=twin, weights_folder=folder)}
    for name, gain in gains.items():
        spec = replace(
            twin,
            name=name,
            title="mean level",
            scale="relative",
            jod_per_unit=None,
            needs_face=False,
            min_side_px=16,
            preprocessing=f"{name}/1",
        )
        models[name] = Model(spec, build_light, weights_folder=folder)
        monkeypatch.setitem(MODELS, name, models[name])
        save_bundle({"gain": torch.tensor(float(gain))}, {}, model=name, folder=folder)
    monkeypatch.setitem(MODELS, "twin", models["twin"])

"""Small SEM- and FULL-HyperIQAs with generated weights, and their scores by the plain reference."""

from itertools import pairwise

import numpy as np

from tests.models.reference import hyperiqa as reference

RATE, PATCHES, SCENES, KEPT = 1, 2, 4, 2
SIZES = {
    "hyper": {**reference.TINY, "patch_rate": RATE},
    "patches": PATCHES,
    "scenes": SCENES,
    "classifier": 8,
    "rescale": 6,
    "kept": KEPT,
}


def scene_shapes(sizes):
    """Tensors of the scene classifier and of the rescale net."""
    channels = sizes["hyper"]["target"] * sizes["hyper"]["patch_rate"] // 2
    scenes, wide, narrow = sizes["scenes"], sizes["classifier"], sizes["rescale"]
    classifier = (sizes["patches"] * channels * scenes, wide, wide, scenes)
    found = {}
    for name, widths in (("scenes", classifier), ("rescale", (scenes, *3 * (narrow,), 2))):
        for layer, (into, out) in enumerate(pairwise(widths)):
            found |= reference.linear(f"{name}.layers.{2 * layer}.", out, into)
    return found


def states(sizes):
    """Tensors in the authors' names, those of the scenes, and all in piqa-cli's names."""
    hyper = {name: size for name, size in sizes["hyper"].items() if name != "patch_rate"}
    authors = reference.noise(reference.shapes(**hyper, rate=sizes["hyper"]["patch_rate"]))
    scenes = reference.noise(scene_shapes(sizes), seed=1)
    ours = {f"hyper.{name}": tensor for name, tensor in reference.renamed(authors, 2).items()}
    return authors, scenes, ours | scenes


def expected(patches, authors, scenes, *, kept=None, rate=RATE):
    """Score of one photograph's patches, their scores before rescaling, and scene logits."""
    pre_scores, features = reference.hyper(patches, authors, rate)
    logits = reference.scene_logits(features, scenes)
    if kept is None:
        return reference.sem_score(pre_scores, logits, scenes), pre_scores, logits
    return reference.full_score(pre_scores, logits, scenes, kept), pre_scores, logits


def pictures():
    """Two photographs whose patches differ from one another."""
    random = np.random.default_rng(3)
    ramp = np.linspace(0, 255, 500).astype(np.uint8)[:, None, None]
    rising = np.broadcast_to(ramp, (500, 300, 3)).copy()
    return random.integers(0, 256, (500, 300, 3), np.uint8), rising

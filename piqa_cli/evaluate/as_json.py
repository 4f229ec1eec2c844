"""An evaluation as plain data, for `--json` and evaluation.json."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, fields
from typing import Any

from piqa_cli import __version__
from piqa_cli.correlation import FEWEST_PHOTOS
from piqa_cli.evaluate.evaluation import Evaluation
from piqa_cli.evaluate.logistic import Curve
from piqa_cli.evaluate.scene import METRICS, SceneAgreement
from piqa_cli.evaluate.wording import notes
from piqa_cli.spreadsheet import harmless_row

KIND = "piqa-cli evaluation"
VERSION = 1
_CURVE = tuple(field.name for field in fields(Curve))
SCENE_COLUMNS = ("scene", "condition", "n", *METRICS, "srcc_low", "srcc_high", *_CURVE, "note")


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Plain data; names of files without their folders, so equal inputs give equal bytes."""
    matched = evaluation.matched
    return {
        "kind": KIND,
        "version": VERSION,
        "piqa_cli": __version__,
        "scores": {
            "source": evaluation.scores.source.name,
            "model": evaluation.scores.model,
            "n": len(evaluation.scores.entries),
            "n_blank": evaluation.scores.n_blank,
        },
        "truth": {
            "source": evaluation.truth.source.name,
            "column": evaluation.truth.column,
            "sha256": evaluation.truth_sha256,
            "n": len(evaluation.truth.entries),
            "n_blank": evaluation.truth.n_blank,
        },
        "matching": {
            "n_matched": len(matched.pairs),
            "n_by_path": matched.n_by_path,
            "n_by_name": matched.n_by_name,
            "n_unmatched_scores": len(matched.lone_scores),
            "n_unmatched_truth": len(matched.lone_truths),
        },
        "methods": METHODS,
        "n_scenes": len(evaluation.scenes),
        "overall": {name: asdict(figure) for name, figure in evaluation.overall.items()},
        "mean_of_medians": evaluation.mean_of_medians,
        "gap_unit": evaluation.gap_unit,
        "gap_unit_size": evaluation.gap_unit_size,
        "pairs": [asdict(gap_bin) for gap_bin in evaluation.pairs],
        "devices": asdict(evaluation.devices) if evaluation.devices else None,
        "scenes": [scene_row(scene) for scene in evaluation.scenes],
        "notes": notes(evaluation),
    }


METHODS = {
    "scenes": "every figure is taken within a scene; scores of different scenes are never pooled",
    "fit": "rating = b2 + (b1 - b2) / (1 + exp(-(score - b3) / |b4|)), least squares by scene; "
    "plcc_fitted and mae are taken after it",
    "average": "mean of srcc, plcc (raw) and krcc of a scene",
    "krcc": "Kendall's tau-b",
    "srcc_interval": "95 %, within a scene: Fisher's z with the error of Bonett and Wright (2000)",
    "median_interval": "95 %, distribution-free, between order statistics; none under 6 scenes",
    "mean_interval": "95 %, Student's t over scenes; none under 2 scenes; where all scenes agree: "
    "for pairs that of Clopper and Pearson over scenes, for other figures none",
    "undefined": f"under {FEWEST_PHOTOS} photos, or constant scores or ratings",
    "pairs": "pairs within scenes, equal ratings left out, equal scores half right",
    "devices": "effects of the additive model device + scene, from the same photographs; "
    "devices with too few scenes for a rank by `rank`'s default are in no figure but `top`",
}


def scene_row(scene: SceneAgreement) -> dict[str, Any]:
    """One scene with the columns of per_scene.csv."""
    curve: dict[str, Any] = asdict(scene.curve) if scene.curve else dict.fromkeys(_CURVE)
    own = {name: getattr(scene, name) for name in SCENE_COLUMNS if name not in curve}
    row = own | curve
    return {name: row[name] for name in SCENE_COLUMNS}


def per_scene_csv(evaluation: Evaluation) -> bytes:
    """One line a scene, for spreadsheets; what is undefined is empty, with a reason in `note`."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, SCENE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(harmless_row(scene_row(scene)) for scene in evaluation.scenes)
    return buffer.getvalue().encode("utf-8-sig")

"""run.json of a blind report: nothing in it names devices, files or folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from piqa_cli.report.output.blind.mask import Mask
from piqa_cli.report.output.blind.models import masked_further_models
from piqa_cli.report.text import counted

# No page shows the patterns; they still fold notices, whose headlines name no device.
_BARE_SETTINGS = ("pictures", "acknowledge")
_SOURCE_FACTS = ("model", "recipe", "protocol")
# Groups of settings without paths or patterns of device names.
_SHOWN_SETTINGS: Mapping[str, frozenset[str]] = {
    "rank": frozenset(("by", "tie_jod")),
    "score": frozenset(("model", "precision", "face_rule", "working_side_px")),
}


def masked_info(
    mask: Mask, info: Mapping[str, Any], mark: str, open_warnings: Sequence[str]
) -> dict[str, Any]:
    """run.json without what names devices, files or folders.

    Args:
        mask: of the run.
        info: run.json.
        mark: see `BlindKey`.
        open_warnings: those that the lab doesn't know.
    """
    settings = info.get("settings", {})
    return {
        **{name: facts for name, facts in info.items() if name not in _SOURCE_FACTS},
        "blind": mark,
        "scenes": {
            mask.scene(name): _scene_facts(mask, scene)
            for name, scene in info.get("scenes", {}).items()
        },
        "settings": {
            **{name: settings[name] for name in _BARE_SETTINGS if name in settings},
            **{
                group: {name: v for name, v in settings.get(group, {}).items() if name in shown}
                for group, shown in _SHOWN_SETTINGS.items()
            },
        },
        "warnings": _hidden_warnings(open_warnings, info.get("gates", ())),
        "gates": [],
        "expected": None,
        "provenance": {},
        **masked_further_models(mask, info),
    }


def _scene_facts(mask: Mask, scene: Mapping[str, Any]) -> dict[str, Any]:
    """Content of scene.toml, without texts that name a device."""
    facts = {name: mask.finder.clean(scene.get(name)) for name in ("title", "notes")}
    return {
        **facts,
        "regions": [
            {**region, "name": mask.word(region["name"])} for region in scene.get("regions", ())
        ],
        "name": mask.scene(scene.get("name")),
        "condition": mask.condition(scene.get("condition")),
    }


def _hidden_warnings(warnings: Sequence[str], gates: Sequence[Any]) -> list[str]:
    counts = {"warning": len(warnings), "gate": len(gates)}
    return [
        f"{counted(count, noun)} of this run may name devices and can't be shown in a blind report"
        for noun, count in counts.items()
        if count
    ]

"""Facts about scenes: `scene.toml` files, and one condition for each scene."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from piqa_cli.discover.regions import read_regions
from piqa_cli.errors import PiqaError
from piqa_cli.natural import natural
from piqa_cli.records import Capture, SceneInfo
from piqa_cli.remote import AnyPath
from piqa_cli.text_file import NOT_UNICODE, any_text

_TEXTS = ("title", "condition", "notes")
_KEYS = (*_TEXTS, "region")


def read_scene_file(file: AnyPath, name: str) -> tuple[SceneInfo, str | None]:
    """Reads one `scene.toml`: `title`, `condition`, `notes`, `[[region]]`, all optional.

    Returns:
        What it says, and a warning where its letters beyond ASCII had to be guessed.

    Raises:
        PiqaError: broken TOML, an unknown key or a value that is no text.
    """
    try:
        text, is_unicode = any_text(file.read_bytes())
        values = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:  # tomllib raises all three
        raise PiqaError(f"{file}: can't be read as TOML ({error}); mend or remove it") from error
    for key, value in values.items():
        if key not in _KEYS:
            nearest = get_close_matches(key, _KEYS, n=1)
            hint = f", did you mean {nearest[0]!r}?" if nearest else ""
            raise PiqaError(
                f"{file}: unknown key {key!r}{hint}; known are title, condition, notes "
                "and [[region]]"
            )
        if key in _TEXTS and not isinstance(value, str):
            raise PiqaError(f'{file}: {key} must be a text, e.g. {key} = "Indoor"')
    texts = {key: value.strip() or None for key, value in values.items() if key in _TEXTS}
    regions = read_regions(file, values.get("region", []))
    title, condition, notes = (texts.get(key) for key in _TEXTS)
    info = SceneInfo(name, title, condition, notes, regions)
    return (
        info,
        None if is_unicode else f"scene.toml of scene {name!r} {NOT_UNICODE}: save it as UTF-8",
    )


def merge_scene_files(
    found: Sequence[tuple[AnyPath, str]],
) -> tuple[dict[str, SceneInfo], tuple[str, ...]]:
    """Reads the scene.toml of every scene folder, given with the scene's name.

    A scene has several folders where the device stands above it; their files must then agree.

    Returns:
        What they say by scene, and warnings.

    Raises:
        PiqaError: one is broken, or two of one scene differ.
    """
    infos: dict[str, SceneInfo] = {}
    files: dict[str, AnyPath] = {}
    warnings: list[str] = []
    for file, name in found:
        info, warning = read_scene_file(file, name)
        warnings += [warning] if warning else []
        if infos.setdefault(name, info) != info:
            raise PiqaError(
                f"{file} and {files[name]} say different things of scene {name!r}; keep one"
            )
        files.setdefault(name, file)
    return infos, tuple(dict.fromkeys(warnings))


def settle_conditions(
    captures: Sequence[Capture], infos: Mapping[str, SceneInfo]
) -> tuple[tuple[Capture, ...], dict[str, SceneInfo]]:
    """Gives every scene exactly one condition.

    What the layout or the manifest says of a capture goes before `scene.toml`. A scene whose
    captures name several conditions is several scenes, called `scene (condition)`, for their
    scores can't be compared; captures without one are then a scene of their own.

    Returns:
        The captures with scene and condition settled, and each of their scenes in natural order.
    """
    named = dict.fromkeys((capture.scene, capture.condition) for capture in captures)
    met: dict[str, set[str]] = {}
    for name, condition in named:
        conditions = met.setdefault(name, set())
        if condition is not None:
            conditions.add(condition)
    for name, conditions in met.items():
        if not conditions and name in infos and infos[name].condition is not None:
            conditions.add(str(infos[name].condition))
    places = {pair: _settled(*pair, met) for pair in named}
    settled = [
        capture
        if (place := places[capture.scene, capture.condition]) == (capture.scene, capture.condition)
        else replace(capture, scene=place[0], condition=place[1])
        for capture in captures
    ]
    scenes = {
        scene: replace(infos.get(name, SceneInfo(name)), name=scene, condition=condition)
        for (name, _), (scene, condition) in places.items()
    }
    return tuple(settled), {name: scenes[name] for name in sorted(scenes, key=natural)}


def _settled(
    scene: str, condition: str | None, met: Mapping[str, set[str]]
) -> tuple[str, str | None]:
    """Name and condition of a scene, of which all conditions are known."""
    if len(met[scene]) == 1:
        (condition,) = met[scene]
    elif condition is not None:
        scene = f"{scene} ({condition})"
    return scene, condition

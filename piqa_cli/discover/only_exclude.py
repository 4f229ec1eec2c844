"""`--only` and `--exclude`: patterns over scenes and devices, and the captures that they leave."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from piqa_cli.errors import PiqaError, UsageError
from piqa_cli.records import Discovery
from piqa_cli.remote import AnyPath

_FIELDS = ("scene", "device")


@dataclass(frozen=True, slots=True)
class Chooser:
    """Says which scenes and devices take part.

    `only` patterns of one field are alternatives, those of different fields must all hold; any
    `exclude` pattern that matches rules out. A bare pattern is for the scene or the device.
    Patterns are those of the shell (`*`, `?`, `[...]`), case is ignored.

    Attributes:
        only, exclude: field (empty: any) and pattern.
        other_names: further names of devices that patterns may mean.
    """

    only: tuple[tuple[str, str], ...]
    exclude: tuple[tuple[str, str], ...]
    other_names: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def takes(self, scene: str | None, device: str | None) -> bool:
        """True where a file of this scene and device takes part; None: not known."""
        if any(_matches(text, self._values(of, scene, device)) for of, text in self.exclude):
            return False
        asked = {of for of, _ in self.only}
        return all(
            any(
                _matches(text, self._values(of, scene, device))
                for name, text in self.only
                if name == of
            )
            for of in asked
        )

    def _values(self, of: str, scene: str | None, device: str | None) -> tuple[str | None, ...]:
        others = self.other_names.get(device, ()) if device is not None and of != "scene" else ()
        return (*_values(of, scene, device), *others)

    def may_take(self, scene: str | None, device: str | None) -> bool:
        """True where captures of a folder could take part; None: it holds several of them."""
        if scene is not None and device is not None:
            return self.takes(scene, device)
        if any(_matches(pattern, _values(field, scene, device)) for field, pattern in self.exclude):
            return False
        known = {"scene": scene, "device": device}
        return all(
            any(_matches(pattern, (name,)) for asked, pattern in self.only if asked == field)
            for field, name in known.items()
            if name is not None and field in {asked for asked, _ in self.only}
        )

    def idle(self, cells: Collection[tuple[str, str]]) -> tuple[str, ...]:
        """Warnings of patterns that match no (scene, device): most likely a slip."""
        return tuple(
            f"--{option} {'='.join(filter(None, (field, pattern)))!r} matches no scene or device"
            for option, patterns in (("only", self.only), ("exclude", self.exclude))
            for field, pattern in patterns
            if not any(_matches(pattern, _values(field, *cell)) for cell in cells)
        )


def parse_chooser(only: Sequence[str], exclude: Sequence[str]) -> Chooser:
    """Parses `scene=PATTERN`, `device=PATTERN` and bare patterns.

    Raises:
        UsageError: another field than scene or device, or an empty pattern.
    """
    return Chooser(tuple(_parse(text) for text in only), tuple(_parse(text) for text in exclude))


def _parse(text: str) -> tuple[str, str]:
    field, divider, pattern = text.partition("=")
    if not divider:
        field, pattern = "", text
    field, pattern = field.strip().lower(), pattern.strip().lower()
    if (divider and field not in _FIELDS) or not pattern:
        raise UsageError(
            f"can't read the pattern {text!r}; write scene=PATTERN, device=PATTERN or a bare "
            "PATTERN that matches either, e.g. --only 'scene=night*'"
        )
    return field, pattern


def _values(field: str, scene: str | None, device: str | None) -> tuple[str | None, ...]:
    """Names that a pattern of this field is compared with; a bare one with both."""
    return {"scene": (scene,), "device": (device,)}.get(field, (scene, device))


def _matches(pattern: str, values: Sequence[str | None]) -> bool:
    return any(value is not None and fnmatchcase(value.lower(), pattern) for value in values)


def chosen(found: Discovery, chooser: Chooser, source: AnyPath) -> Discovery:
    """Keeps what `--only` and `--exclude` let through.

    Raises:
        PiqaError: nothing is left.
    """
    there = {(capture.scene, capture.device) for capture in found.captures}
    taken = {cell for cell in there if chooser.takes(*cell)}
    captures = tuple(c for c in found.captures if (c.scene, c.device) in taken)
    if not captures:
        devices = dict.fromkeys(capture.device for capture in found.captures)
        raise PiqaError(
            f"--only and --exclude leave no capture of {source}; it has "
            f"scenes {_some(found.scenes)} and devices {_some(devices)}"
        )
    skipped = tuple(s for s in found.skipped if chooser.takes(s.scene, s.device))
    left = {capture.scene for capture in captures}
    scenes = {name: info for name, info in found.scenes.items() if name in left}
    met = there | {(row.scene or "", row.device or "") for row in found.skipped}
    met |= {(row.scene or "", row.device or "") for row in found.folders}
    idle = chooser.idle(met)
    return replace(
        found,
        captures=captures,
        skipped=skipped,
        scenes=scenes,
        warnings=(*found.warnings, *idle),
        folders=tuple(f for f in found.folders if chooser.may_take(f.scene, f.device)),
    )


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:5]) + (", ..." if len(listed) > 5 else "")

"""Finds the captures of a run: every file met becomes a capture, a skipped row, or a count."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from piqa_cli.discover.aliases import Aliases
from piqa_cli.discover.folders import failed_folders, in_their_scenes
from piqa_cli.discover.kinds import why_no_picture
from piqa_cli.discover.layout import Layout, parse_layout
from piqa_cli.discover.manifest import open_manifest
from piqa_cli.discover.names import as_text
from piqa_cli.discover.only_exclude import chosen, parse_chooser
from piqa_cli.discover.raw_pairs import check_preference, raw_pair_reasons
from piqa_cli.discover.remote_tree import list_tree
from piqa_cli.discover.scenes import merge_scene_files, settle_conditions
from piqa_cli.discover.shots import SAME_SHOT, same_shots
from piqa_cli.discover.tree import Met, Tree, walk_tree
from piqa_cli.errors import PiqaError, UsageError
from piqa_cli.natural import natural_path
from piqa_cli.records import Capture, Discovery, FailedFolder, SceneInfo, Skipped
from piqa_cli.remote import AnyPath, RemotePath
from piqa_cli.settings import FindSettings, Prefer, Shots


def discover(find: FindSettings) -> Discovery:
    """Lists what a run would see, in natural order of `path`.

    Raises:
        PiqaError: the folder or the manifest can't be used, or nothing in it is a capture.
        MissingPartError: RAW is preferred and can't be read here.
    """
    check_preference(find.prefer)
    chooser = parse_chooser(find.only, find.exclude)
    aliases = Aliases.of(find.devices)
    if find.manifest is not None:
        if find.root is not None:
            raise UsageError("give a captures folder or --manifest FILE, not both")
        return chosen(_discover_manifest(find.manifest, find, aliases), chooser, find.manifest)
    if find.root is None:
        raise UsageError("give a captures folder or --manifest FILE")
    found = _discover_folder(find.root, parse_layout(find.layout), find, aliases)
    return chosen(found, chooser, find.root)


def _discover_manifest(manifest: AnyPath, find: FindSettings, aliases: Aliases) -> Discovery:
    """The captures of a manifest; a missing file stays one and fails in reading, to be seen.

    A row says that its file is a take, so no name takes it out again; of a RAW file and its picture
    one is left out all the same.
    """
    captures: list[Capture] = []
    skipped: list[Skipped] = []
    listed, guessed = open_manifest(manifest)
    for row in map(aliases.renamed, listed):
        reason = why_no_picture(row.file) if _may_be_there(row.file) else None
        if reason is None:
            captures.append(row)
        else:
            skipped.append(Skipped(row.path, reason, row.scene, row.device, row.condition))
    if not captures:
        raise PiqaError(
            f"manifest {manifest} lists no picture (first: {skipped[0].path}: {skipped[0].reason})"
        )
    found = _sort_out(
        captures, skipped=skipped, infos={}, ignored=0, shots="keep-all", prefer=find.prefer
    )
    alike = () if find.shots == "keep-all" else _alike(found.captures)
    return replace(found, warnings=(*guessed, *alike))


def _may_be_there(file: AnyPath) -> bool:
    """False for a file that isn't there; a storage is asked only when the file is read."""
    return isinstance(file, RemotePath) or os.path.lexists(file)


def _alike(listed: Sequence[Capture]) -> tuple[str, ...]:
    """A warning of rows that count although they look like one shot with another row."""
    shots = same_shots(listed)
    if not shots:
        return ()
    path, kept = next(iter(shots.items()))
    count = "1 row looks" if len(shots) == 1 else f"{len(shots)} rows look"
    return (
        f"{count} like another picture of a listed shot, and all count, as the manifest has them "
        f"(first: {path}: {SAME_SHOT} {kept.path})",
    )


def _discover_folder(
    root: AnyPath, layout: Layout, find: FindSettings, aliases: Aliases
) -> Discovery:
    tree = _list_root(root) if isinstance(root, RemotePath) else _walk_root(root)
    rows = [(met, _row(met, layout, aliases)) for met in tree.met]
    captures = [row for _, row in rows if isinstance(row, Capture)]
    captured = [met.parts for met, row in rows if isinstance(row, Capture)]
    folders = tuple(map(aliases.renamed, failed_folders(tree, layout, captured)))
    failed = {folder.path for folder in folders}
    skipped = [row for _, row in rows if isinstance(row, Skipped) and row.path not in failed]
    if not captures:
        raise _no_captures(root, layout, skipped, folders)
    scene_files, astray = _scene_files(tree.scene_files, layout)
    infos, misread = merge_scene_files(scene_files)
    found = _sort_out(
        captures,
        skipped=[*skipped, *astray],
        infos=infos,
        ignored=tree.ignored + len(scene_files),
        shots=find.shots,
        prefer=find.prefer,
    )
    if not found.captures:
        raise _no_captures(root, layout, found.skipped)
    closed = tuple(
        f"{row.path}: {met.closed}" for met, row in rows if met.closed and row.path not in failed
    )
    warnings = (*closed, *misread)
    return replace(found, warnings=warnings, folders=in_their_scenes(folders, found.scenes))


def _walk_root(root: Path) -> Tree:
    try:
        is_folder = stat.S_ISDIR(root.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        raise PiqaError(f"captures folder {root} does not exist; {_nearest(root)}") from None
    except OSError as error:
        raise PiqaError(f"captures folder {root} can't be opened: {error.strerror}") from error
    if not is_folder:
        raise PiqaError(
            f"{root} is a file, not a folder of captures; "
            "use --manifest for a list of captures, `piqa-cli score` for single pictures"
        )
    try:
        tree = walk_tree(root)
    except OSError as error:
        raise PiqaError(f"captures folder {root} can't be opened: {error.strerror}") from error
    if not tree.met:
        raise _nothing(root, tree)
    return tree


def _list_root(root: RemotePath) -> Tree:
    try:
        tree = list_tree(root)
    except FileNotFoundError as error:
        advice = "check the path"
        if not root.url.startswith("file:"):
            advice = f"{error.strerror}: check the bucket and the path"
        raise PiqaError(f"captures folder {root} does not exist; {advice}") from None
    except OSError as error:
        raise PiqaError(f"captures folder {root} can't be listed: {error.strerror}") from error
    if not tree.met:
        raise _nothing(root, tree)
    return tree


def _nothing(root: AnyPath, tree: Tree) -> PiqaError:
    """The error of a folder without a file that could be a capture."""
    if tree.outputs:
        return PiqaError(
            f"captures folder {root} holds nothing but what piqa-cli wrote; "
            "name the folder of the captures, or a single run where a command takes runs"
        )
    rest = tree.folders or tree.scene_files or tree.ignored
    return PiqaError(
        f"captures folder {root} {'has no captures in it' if rest else 'is empty'}; "
        f"put captures into {root}/SCENE/DEVICE/, or describe your folders with --layout"
    )


def _nearest(root: Path) -> str:
    """Advice on a folder that isn't there: the first part of its path that is wrong."""
    wrong = root
    while wrong.parent != wrong and not wrong.parent.exists():
        wrong = wrong.parent
    for name in get_close_matches(wrong.name, _siblings(wrong), n=3):
        meant = wrong.parent / name / root.relative_to(wrong)
        with suppress(OSError):
            if meant.is_dir():
                return f"did you mean {meant}?"
    return "check the path" if wrong == root else f"{wrong} isn't there either: check the path"


def _siblings(root: Path) -> list[str]:
    try:
        return [item.name for item in root.parent.iterdir() if item.is_dir()]
    except OSError:
        return []


def _row(met: Met, layout: Layout, aliases: Aliases) -> Capture | Skipped:
    """One file as the layout and its content have it, under the name of its device that holds."""
    path = "/".join(as_text(part) for part in met.parts)
    place = layout.place([as_text(part) for part in met.parts])
    scene, device = place.names.get("scene"), place.names.get("device")
    reason = met.closed or why_no_picture(met.file) or place.outside
    if reason is not None or scene is None or device is None:
        condition = place.names.get("condition")
        why = reason or "outside the layout"
        return aliases.renamed(Skipped(path, why, scene, device, condition))
    capture = Capture(
        path=path,
        file=met.file,
        scene=scene,
        device=device,
        firmware=place.names.get("firmware"),
        condition=place.names.get("condition"),
        take=place.names.get("take"),
    )
    return aliases.renamed(capture)


def _scene_files(
    found: Iterable[Met], layout: Layout
) -> tuple[list[tuple[AnyPath, str]], list[Skipped]]:
    """The scene.toml of scene folders, each with its scene's name, and those that lie elsewhere."""
    files: list[tuple[AnyPath, str]] = []
    astray: list[Skipped] = []
    for met in found:
        parts = [as_text(part) for part in met.parts]
        scene = layout.place(parts).names.get("scene")
        if scene is not None and len(parts) == layout.scene_level + 2:
            files.append((met.file, scene))
        else:
            reason = f"not in a scene folder of the layout {layout.pattern}: describes nothing"
            astray.append(Skipped("/".join(parts), reason))
    return files, astray


def _sort_out(
    rows: Sequence[Capture],
    *,
    skipped: Sequence[Skipped],
    infos: dict[str, SceneInfo],
    ignored: int,
    shots: Shots,
    prefer: Prefer,
) -> Discovery:
    """Leaves one file of every shot, one link to every file; settles scenes."""
    reasons = _second_links(rows)
    first = [capture for capture in rows if capture.path not in reasons]
    same = same_shots(first) if shots == "one" else {}
    reasons |= {path: f"{SAME_SHOT} {kept.path}" for path, kept in same.items()}
    reasons |= raw_pair_reasons(first, same, prefer)
    kept = [capture for capture in rows if capture.path not in reasons]
    rest = [
        *skipped,
        *(
            Skipped(row.path, reasons[row.path], row.scene, row.device, row.condition)
            for row in rows
            if row.path in reasons
        ),
    ]
    captures, scenes = settle_conditions(kept, infos)
    rest = list(in_their_scenes(rest, scenes))
    return Discovery(
        captures=tuple(sorted(captures, key=lambda capture: natural_path(capture.path))),
        skipped=tuple(sorted(rest, key=lambda row: natural_path(row.path))),
        scenes=scenes,
        ignored=ignored,
    )


def _second_links(rows: Iterable[Capture]) -> dict[str, str]:
    """Reasons to skip further links to a file of the same scene and device, by path."""
    seen: dict[object, Capture] = {}
    reasons: dict[str, str] = {}
    for capture in rows:
        cell = (capture.scene, capture.condition, capture.device, capture.firmware)
        first = seen.setdefault((cell, _identity(capture.file)), capture)
        if first is not capture:
            reasons[capture.path] = f"the same file as {first.path}"
    return reasons


def _identity(file: AnyPath) -> object:
    """Place of a file on the disk, which all links to it share."""
    if isinstance(file, RemotePath):
        return file
    try:
        found = file.stat()
    except OSError:
        return file
    return found.st_dev, found.st_ino


def _no_captures(
    root: AnyPath, layout: Layout, skipped: Sequence[Skipped], folders: Sequence[FailedFolder] = ()
) -> PiqaError:
    outside = [row for row in skipped if row.reason.startswith("outside")]
    if outside:
        needed = len(layout.levels) - layout.names_file
        if max(row.path.count("/") for row in outside) < needed:
            advice = (
                "there are too few folders for it: name the folder that holds all scenes and "
                "devices, or describe yours with --layout"
            )
        else:
            advice = "describe your folders with --layout, e.g. --layout '{device}/{scene}'"
        return PiqaError(
            f"no picture in {root} fits the layout {layout.pattern} (first: {outside[0].path}); "
            f"{advice}, and look with `piqa-cli scan {root}`"
        )
    first: Skipped | FailedFolder = skipped[0] if skipped else folders[0]
    files = f"{len(skipped)} files, " if skipped else ""
    return PiqaError(
        f"no picture in {root} ({files}first: {first.path}: {first.reason}); "
        f"captures belong into {root}/SCENE/DEVICE/"
    )

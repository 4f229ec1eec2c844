"""Finds and verifies the weights on this machine (no torch here)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from piqa_cli.errors import MissingPartError
from piqa_cli.models.catalogue import all_models, model_of, spec_of
from piqa_cli.records import ModelSpec
from piqa_cli.remote import AnyPath
from piqa_cli.resources import shipped_weights_dir, weights_dir

METADATA_KEY = "piqa"
"""Key under which a bundle's file holds all its metadata, as JSON."""

_CHUNK_BYTES = 1 << 20
_MOST_HEADER_BYTES = 100 << 20  # limit of the safetensors format


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a bundle was made from: its name then, and the SHA-256 of its bytes (hex)."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """The weights of one model: `<model>.safetensors` with its sidecar `<model>.json`.

    Attributes:
        model: name in the catalogue.
        path: the safetensors file.
        sha256: what the file's SHA-256 must be (hex), from the sidecar.
        sources: the files that it was imported from; empty for weights that ship.
    """

    model: str
    path: Path
    sha256: str
    sources: tuple[Source, ...] = ()


def find(model: str, file: Path | None = None) -> Bundle:
    """The weights of a model, as their sidecar states them; the file itself isn't read.

    Weights that ship lie in the package of their model, all others in `weights_dir()`.

    Args:
        model: name in the catalogue.
        file: weights of this model to use instead, with or without a sidecar.

    Raises:
        PiqaError: no such model.
        MissingPartError: the weights aren't here, or their sidecar is damaged.
    """
    spec = spec_of(model)
    if file is not None:
        return _of_file(model, file)
    path, sidecar = _files(spec)
    if not path.is_file() or not sidecar.is_file():
        raise MissingPartError(f"no weights of {model} in {path.parent}: {_remedy(spec)}")
    return _as_stated(spec)


def trained_on(bundle: Bundle) -> str | None:
    """Words of the weights themselves on what they were trained on; None: they say nothing.

    Weights that a lab trained know better than the catalogue, which describes published ones. Only
    the file's header is read; one that can't be read says nothing here, and fails when loaded.
    """
    try:
        with bundle.path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            header = json.loads(stream.read(min(length, _MOST_HEADER_BYTES)))
        words = json.loads(header["__metadata__"][METADATA_KEY])["trained_on"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return words if isinstance(words, str) and words else None


def known_sha256(model: str) -> str | None:
    """SHA-256 that the package states of weights that ship, here or not; None for all others.

    Raises:
        PiqaError: no such model.
        MissingPartError: the package's sidecar is missing or damaged.
    """
    spec = spec_of(model)
    return _as_stated(spec).sha256 if spec.ships else None


def verify(bundle: Bundle) -> None:
    """Reads the whole file and compares its SHA-256 with the one that the sidecar states.

    Raises:
        MissingPartError: they differ, or the file can't be read.
    """
    try:
        found = sha256_of(bundle.path)
    except OSError as error:
        remedy = _remedy(spec_of(bundle.model))
        raise MissingPartError(f"{bundle.path}: {error.strerror or error}: {remedy}") from None
    if found != bundle.sha256:
        remedy = _remedy(spec_of(bundle.model))
        raise MissingPartError(
            f"{bundle.path} is damaged: its SHA-256 begins {found[:12]}, "
            f"not {bundle.sha256[:12]}: {remedy}"
        )


def list_bundles() -> tuple[Bundle, ...]:
    """All weights that are here, in the catalogue's order; damaged sidecars are left out."""
    bundles = []
    for model in all_models()[0]:
        try:
            bundles.append(find(model))
        except MissingPartError:
            continue
    return tuple(bundles)


def file_of(model: str) -> Path:
    """Path of a model's weights, whether they are there or not.

    Raises:
        PiqaError: no such model.
    """
    return _files(spec_of(model))[0]


def models_here() -> tuple[str, ...]:
    """The models of which a file is here, damaged or not, in the catalogue's order."""
    return tuple(
        name
        for name, model in all_models()[0].items()
        if any(f.exists() for f in _files(model.spec))
    )


def sha256_of(file: AnyPath) -> str:
    """SHA-256 of a file's bytes, hex.

    Raises:
        OSError: the file can't be read.
    """
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _as_stated(spec: ModelSpec) -> Bundle:
    """The weights as their sidecar states them.

    Raises:
        MissingPartError: the sidecar is missing or damaged.
    """
    path, sidecar = _files(spec)
    try:
        return _bundle(spec.name, path, json.loads(sidecar.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise MissingPartError(f"{sidecar} is damaged: {_remedy(spec)}") from None


def _bundle(model: str, path: Path, facts: Any) -> Bundle:
    """Reads a sidecar's content.

    Raises:
        KeyError, TypeError: it isn't what `save_bundle` writes.
    """
    if not isinstance(facts, dict) or not isinstance(facts["sha256"], str):
        raise TypeError("a sidecar is an object with a text `sha256`")
    sources = tuple(Source(item["name"], item["sha256"]) for item in facts.get("sources", ()))
    return Bundle(model, path, facts["sha256"], sources)


def _of_file(model: str, file: Path) -> Bundle:
    """The weights in a file that was named; its bytes are what they must be.

    Raises:
        MissingPartError: it can't be read.
    """
    try:
        return Bundle(model, file, sha256_of(file))
    except OSError as error:
        raise MissingPartError(f"{file}: {error.strerror}: name a weights file") from None


def _files(spec: ModelSpec) -> tuple[Path, Path]:
    """Paths of a model's weights and their sidecar, whether they are there or not."""
    own = model_of(spec.name).weights_folder
    folder = own or (shipped_weights_dir() if spec.ships else weights_dir())
    return folder / f"{spec.name}.safetensors", folder / f"{spec.name}.json"


def _remedy(spec: ModelSpec) -> str:
    """Advice on missing or damaged weights of a model."""
    model = model_of(spec.name)
    if model.weights_folder is not None:
        return "install its package again"
    if model.trained_here is not None:
        return (
            f"nobody publishes them: train your own with `{model.trained_here.command}`, or run "
            f"`piqa-cli weights import {spec.name} {spec.name}.safetensors` with those you have"
        )
    if model.authors_files is None:
        return f"install piqa-cli again, or run `piqa-cli weights pull {spec.name}`"
    authors = model.authors_files
    command = " ".join(["piqa-cli", "weights", "import", spec.name, *authors.names])
    return f"run `{command}` with the authors' files ({authors.page})"

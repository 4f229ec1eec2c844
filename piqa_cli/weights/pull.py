"""Fetches a model's bundle from a lab's own mirror: resumed, verified, tried, then put in place."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from piqa_cli.errors import MissingPartError, PiqaError
from piqa_cli.file_lock import LockHeldError, locked
from piqa_cli.weights.mirror import Mirror
from piqa_cli.weights.store import (
    Bundle,
    Source,
    file_of,
    find,
    known_sha256,
    sha256_of,
    verify,
)

LOCK_FILE = ".pull-lock"
_CHUNK_BYTES = 1 << 20
_MOST_BYTES = 8 << 30  # the largest bundle has 1 GB; a server that never ends fills no disk
_SUM_BYTES = 4096  # a line of sha256sum is 64 digits and a name
_SUM = re.compile(r"\\?([0-9a-fA-F]{64})(?:[ \t][ *]?.*)?")


class Bar(Protocol):
    """Progress in bytes."""

    def update(self, n: int, /) -> object:
        """Adds to what has arrived."""
        ...


Progress = Callable[[int, int | None], AbstractContextManager[Bar]]
"""Makes a bar of the bytes that are there already and those of the whole file, where known."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """Outcome of a pull.

    Attributes:
        bundle: the weights that are here now.
        was_here: True: they were here before, and nothing was fetched.
    """

    bundle: Bundle
    was_here: bool


def pull_weights(model: str, url: str, *, progress: Progress) -> Pulled:
    """Fetches `<url>/<model>.safetensors` to where the model's weights belong.

    Its SHA-256 must be that of `<url>/<model>.safetensors.sha256` and, of weights that ship, the
    one that the package states. The network is built once before the file takes its place.
    What an interrupted pull left is gone on with, as long as the mirror names the same SHA-256.

    Args:
        model: name in the catalogue.
        url: address of the mirror.
        progress: shows what arrives.

    Raises:
        UsageError: the address is none that weights are taken from.
        PiqaError: no such model, or the folder can't be written or is used by another pull.
        MissingPartError: the mirror lacks the file, the connection fails, or the weights are not
            what they should be.
    """
    mirror, target = Mirror(url), file_of(model)
    address = mirror.address(target.name)
    sha256 = _stated(mirror, f"{target.name}.sha256")
    _check_known(model, sha256, address)
    here = _here(model)
    if here is not None and here.sha256 == sha256:
        return Pulled(here, was_here=True)
    part = target.with_name(f"{model}.{sha256[:12]}.part")
    if target.is_file() and not part.exists() and sha256_of(target) == sha256:
        target.replace(part)  # a pull that was killed before it wrote the sidecar
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target.parent / LOCK_FILE, wait=False):
            _forget_others(part, model)
            if not part.is_file() or sha256_of(part) != sha256:
                _fetch(mirror, target.name, part, progress)
                _check_sum(part, sha256, address)
            return Pulled(_put_in_place(model, part, sha256, address), was_here=False)
    except LockHeldError:
        raise PiqaError(f"another pull writes into {target.parent}: wait until it ended") from None
    except OSError as error:
        raise PiqaError(
            f"{target.parent}: weights can't be written: {error.strerror or error}"
        ) from None


def _stated(mirror: Mirror, name: str) -> str:
    """The SHA-256 in a file of sha256sum, in small letters."""
    with mirror.open(name) as answer:
        text = answer.read(_SUM_BYTES).decode("utf-8", "replace")
    found = _SUM.fullmatch(text.partition("\n")[0].strip())
    if found is None:
        raise MissingPartError(
            f"{mirror.address(name)} holds no SHA-256: make it with "
            f"`sha256sum {name.removesuffix('.sha256')} > {name}`"
        )
    return found[1].lower()


def _check_known(model: str, sha256: str, address: str) -> None:
    """Refuses other bytes for weights that ship: the package states their SHA-256."""
    known = known_sha256(model)
    if known is not None and sha256 != known:
        raise MissingPartError(
            f"{address} has SHA-256 {sha256}, but {model} ships with {known}: "
            "score with other weights by --weights-file"
        )


def _here(model: str) -> Bundle | None:
    """The model's weights, where they are here and undamaged."""
    try:
        bundle = find(model)
        verify(bundle)
    except MissingPartError:
        return None
    return bundle


def _forget_others(part: Path, model: str) -> None:
    """Removes what pulls of other weights of the model left."""
    for other in part.parent.glob(f"{model}.*.part"):
        if other != part:
            other.unlink()


def _fetch(mirror: Mirror, name: str, part: Path, progress: Progress) -> None:
    """Appends to the part what it lacks, or writes it anew where the server only sends all.

    Raises:
        MissingPartError: the connection ended early, or no end of the file is in sight; what
            arrived is kept.
        OSError: the part can't be written.
    """
    have = part.stat().st_size if part.is_file() else 0
    with (
        mirror.open(name, at=have) as answer,
        part.open("ab" if answer.start else "wb") as file,
        progress(answer.start, answer.size) as bar,
    ):
        done = answer.start
        while chunk := answer.read(_CHUNK_BYTES):
            done += len(chunk)
            if done > _MOST_BYTES:
                raise MissingPartError(f"{answer.url} is larger than any weights: check it")
            file.write(chunk)
            bar.update(len(chunk))
    if answer.size is not None and done < answer.size:
        raise MissingPartError(
            f"{answer.url}: the connection ended after {done} of {answer.size} bytes: "
            "run the same command again, it goes on from there"
        )


def _check_sum(part: Path, sha256: str, address: str) -> None:
    """Deletes a part that isn't what the mirror states.

    Raises:
        MissingPartError: it isn't.
    """
    found = sha256_of(part)
    if found != sha256:
        part.unlink()
        raise MissingPartError(
            f"{address} has SHA-256 {found}, but {sha256} is stated beside it: what arrived was "
            "deleted; pull again, or have the mirror mended"
        )


def _put_in_place(model: str, part: Path, sha256: str, address: str) -> Bundle:
    """Builds the network, as scoring does; then the part becomes the model's weights.

    Raises:
        MissingPartError: they are no weights of this model and preprocessing; the part is deleted.
        OSError: the folder can't be written.
    """
    from piqa_cli.weights.load import load_network  # torch takes seconds to import
    from piqa_cli.weights.save import write_sidecar

    try:
        load_network(Bundle(model, part, sha256))
    except MissingPartError as error:
        part.unlink()
        raise MissingPartError(str(error).replace(str(part), address)) from None
    target = file_of(model)
    bundle = Bundle(model, target, sha256, (Source(target.name, sha256),))
    part.replace(target)
    if known_sha256(model) is None:  # of weights that ship, the sidecar ships, too
        write_sidecar(bundle)
    return bundle

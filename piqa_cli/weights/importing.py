"""Imports weights: files that a model's authors publish, or a bundle that a lab trained itself."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from piqa_cli.atomic import replacing
from piqa_cli.errors import PiqaError
from piqa_cli.models.catalogue import model_of
from piqa_cli.models.spec import Checkpoint
from piqa_cli.weights.checkpoint import read_checkpoint
from piqa_cli.weights.load import load_network
from piqa_cli.weights.save import save_bundle, write_sidecar
from piqa_cli.weights.store import Bundle, Source, sha256_of

_BUNDLE = ".safetensors"


def import_weights(model: str, files: Sequence[Path], *, folder: Path) -> Bundle:
    """Checks and converts the authors' files of a model into its bundle, or takes a bundle over.

    Reads files with a `module.` prefix and a `model_state_dict`, `state_dict` or `params` wrapper.
    Equal inputs give equal bytes on one machine.

    Args:
        model: name in the catalogue.
        files: in the order that the model's `authors_files` states; or one `.safetensors` that
            training wrote.
        folder: where the bundle is written.

    Raises:
        PiqaError: the model is unknown or ships, the number of files is wrong, a file is missing,
            damaged, or not what it should be; or `folder` can't be written.
        MissingPartError: a bundle holds no weights of this model.
    """
    check_files(model, files)
    if _is_bundle(files):
        return _take_over(model, files[0], folder)
    authors = model_of(model).authors_files
    assert authors is not None  # `check_files` refuses others
    checkpoints = [Checkpoint(file, read_checkpoint(file)) for file in files]
    tensors, metadata = authors.convert(checkpoints)
    sources = [Source(file.name, sha256_of(file)) for file in files]
    return save_bundle(tensors, metadata, model=model, folder=folder, sources=sources)


def check_files(model: str, files: Sequence[Path]) -> None:
    """Checks that a model takes as many files as were named, and that they are there.

    Raises:
        PiqaError: they are not, or the model is unknown or ships.
    """
    known = model_of(model)
    if known.spec.ships or (known.authors_files is None and known.trained_here is None):
        raise PiqaError(f"the weights of {model} ship with piqa-cli: there is nothing to import")
    if known.trained_here is not None and not _is_bundle(files):
        raise PiqaError(
            f"nobody publishes weights of {model}: train your own with "
            f"`{known.trained_here.command}`, and give the {model}{_BUNDLE} that it writes"
        )
    names: tuple[str, ...] = (f"{model}{_BUNDLE}",)
    if known.authors_files is not None and not _is_bundle(files):
        names = known.authors_files.names
    wanted = f"give {' and '.join(names)}" + ", in this order" * (len(names) > 1)
    if len(files) != len(names):
        count = f"{len(names)} file" + "s" * (len(names) != 1)
        raise PiqaError(f"{model} has {count}, {len(files)} named: {wanted}")
    for file in files:
        if not file.is_file():
            raise PiqaError(f"{file} is no file: {wanted}")


def _is_bundle(files: Sequence[Path]) -> bool:
    return len(files) == 1 and files[0].suffix == _BUNDLE


def _take_over(model: str, file: Path, folder: Path) -> Bundle:
    """Copies a bundle, byte for byte, once its network could be built.

    Raises:
        PiqaError: `folder` can't be written.
        MissingPartError: it holds no weights of this model.
    """
    sha256 = sha256_of(file)
    load_network(Bundle(model, file, sha256))
    bundle = Bundle(model, folder / f"{model}{_BUNDLE}", sha256, (Source(file.name, sha256),))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(bundle.path) as part:
            shutil.copyfile(file, part)
        write_sidecar(bundle)
    except OSError as error:
        raise PiqaError(f"{folder}: weights can't be written: {error}") from None
    return bundle

"""Imports weights that a model's authors publish: read, converted by the model, saved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from piqa_cli.errors import PiqaError
from piqa_cli.models.catalogue import model_of
from piqa_cli.models.spec import AuthorsFiles, Checkpoint
from piqa_cli.weights.checkpoint import read_checkpoint
from piqa_cli.weights.save import save_bundle
from piqa_cli.weights.store import Bundle, Source, sha256_of


def import_weights(model: str, files: Sequence[Path], *, folder: Path) -> Bundle:
    """Checks and converts the authors' files of a model into its bundle.

    Reads files with a `module.` prefix and a `model_state_dict`, `state_dict` or `params` wrapper.
    Equal inputs give equal bytes on one machine.

    Args:
        model: name in the catalogue.
        files: in the order that the model's `authors_files` states.
        folder: where the bundle is written.

    Raises:
        PiqaError: the model is unknown or ships, the number of files is wrong, a file is missing,
            damaged, or not what it should be; or `folder` can't be written.
    """
    authors = check_files(model, files)
    checkpoints = [Checkpoint(file, read_checkpoint(file)) for file in files]
    tensors, metadata = authors.convert(checkpoints)
    sources = [Source(file.name, sha256_of(file)) for file in files]
    return save_bundle(tensors, metadata, model=model, folder=folder, sources=sources)


def check_files(model: str, files: Sequence[Path]) -> AuthorsFiles:
    """Checks that a model takes as many files as were named, and that they are there.

    Raises:
        PiqaError: they are not, or the model is unknown or ships.
    """
    authors = model_of(model).authors_files
    if authors is None:
        raise PiqaError(f"the weights of {model} ship with piqa-cli: there is nothing to import")
    wanted = f"give {' and '.join(authors.names)}, in this order"
    if len(files) != len(authors.names):
        raise PiqaError(f"{model} has {len(authors.names)} files, {len(files)} named: {wanted}")
    for file in files:
        if not file.is_file():
            raise PiqaError(f"{file} is no file: {wanted}")
    return authors

"""Lists a tree in object storage, by the rules of `walk_tree`; it has neither links nor locks."""

from __future__ import annotations

from collections.abc import Iterator

from piqa_cli.discover.tree import Folders, Met, Parts, Tree, is_litter, is_of_a_run, is_output
from piqa_cli.natural import natural
from piqa_cli.remote import RemotePath

_Listing = dict[str, "_Listing | None"]
"""Names in a folder: those of folders with what they hold, those of files with None."""


def list_tree(root: RemotePath) -> Tree:
    """Lists a tree by one request for a thousand files.

    Raises:
        OSError: the storage doesn't answer, or there is no such folder.
    """
    listing: _Listing = {}
    for path in root.files_below():
        *above, name = path.split("/")
        here = listing
        for folder in above:
            inner = here.setdefault(folder, {})
            if inner is None:  # a storage may hold an object and others below its name
                inner = here[folder] = {}
            here = inner
        here.setdefault(name, None)
    folders = Folders()
    return Tree.of(_met(root, listing, (), folders), folders)


def _met(
    folder: RemotePath, listing: _Listing, parts: Parts, folders: Folders
) -> Iterator[Met | None]:
    """Yields what lies in a folder; None for each thing that is only counted."""
    if parts:
        folders.entered.append(parts)
    if any(map(is_of_a_run, listing)):
        folders.outputs.append(parts)
    for name in sorted(listing, key=natural):
        below, item = listing[name], Met((*parts, name), folder / name)
        if is_litter(name):
            yield None
        elif below is None:
            yield item
        elif is_output(below.__contains__):
            folders.outputs.append(item.parts)
            yield None
        else:
            yield from _met(folder / name, below, item.parts, folders)

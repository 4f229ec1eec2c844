"""The folder of a part: outcomes of a shard's captures, facts of the run, pictures."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from piqa_cli import __version__
from piqa_cli.atomic import write_whole
from piqa_cli.errors import PiqaError
from piqa_cli.parts.cut import Shard, digest
from piqa_cli.parts.rows import Plain, plain_capture, plain_choices, plain_found, plain_result
from piqa_cli.records import Discovery, Failed, Findings, Scored
from piqa_cli.runs.folder import PICTURES
from piqa_cli.runs.lock import LOCK_FILE, hold
from piqa_cli.runs.table_set import is_run, unwritable
from piqa_cli.score.cache_rows import SHAPE
from piqa_cli.settings import RunSettings

KIND = "piqa-cli part"
PART_JSON = "part.json"
OUTCOMES = "outcomes.jsonl.gz"
_OWN = (PART_JSON, OUTCOMES, PICTURES, LOCK_FILE)
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A part that was opened.

    Attributes:
        folder: where it lies.
        facts: part.json.
    """

    folder: Path
    facts: Plain

    @property
    def shard(self) -> Shard:
        """The shard that it is."""
        return Shard(*self.facts["shard"])

    def rows(self) -> Iterator[Plain]:
        """Its captures with their outcomes by every model, in the order of their places.

        Raises:
            PiqaError: the file isn't the one that part.json describes.
        """
        try:
            data = (self.folder / OUTCOMES).read_bytes()
        except OSError as error:
            raise PiqaError(f"can't read {self.folder / OUTCOMES} ({error.strerror})") from None
        if hashlib.sha256(data).hexdigest() != self.facts["outcomes_sha256"]:
            raise PiqaError(
                f"{self.folder} is damaged or was being written: score its shard {self.shard} again"
            )
        with gzip.open(io.BytesIO(data)) as lines:
            yield from map(json.loads, lines)


@contextmanager
def hold_part(folder: Path) -> Iterator[None]:
    """Makes the folder of a part and keeps other processes out of it meanwhile.

    Raises:
        PiqaError: it is something else, can't be written, or another process writes into it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = sorted(entry.name for entry in folder.iterdir())
    except FileExistsError:
        raise PiqaError(f"{folder} is a file: choose a folder for the part with -o") from None
    except OSError as error:
        raise unwritable(folder, error) from error
    foreign = [name for name in names if name not in _OWN and not name.startswith(".tmp-")]
    if is_run(folder) or foreign:
        what = "a run" if is_run(folder) else f"other files (such as {foreign[0]!r})"
        raise PiqaError(f"{folder} holds {what}: choose a new or empty folder for the part with -o")
    with hold(folder):
        yield


def write_part(
    shard: Shard,
    places: Sequence[int],
    found: Discovery,
    findings: Sequence[Findings[Scored | Failed]],
    settings: RunSettings,
) -> None:
    """Writes the tables of a part; part.json comes last and says that it is complete.

    Args:
        shard: which one.
        places: of its captures among all of them, in the order of the results.
        found: the search, with the captures of all shards.
        findings: outcomes of the shard's captures by each model.
        settings: of the run that the part belongs to; `out` is the folder.

    Raises:
        PiqaError: the folder can't be written.
    """
    data = _packed(_rows(places, findings))
    facts = {
        "kind": KIND,
        "version": _VERSION,
        "piqa_cli": __version__,
        "shape": SHAPE,
        "shard": [shard.number, shard.of],
        "captures": len(found.captures),
        "captures_sha256": digest(found.captures),
        "found": plain_found(found),
        "settings": plain_choices(settings),
        "recipes": [asdict(one.recipe) for one in findings],
        "reused": [one.reused for one in findings],
        "hardware": [dict(one.hardware) for one in findings],
        "warnings": [list(one.warnings) for one in findings],
        "outcomes_sha256": hashlib.sha256(data).hexdigest(),
    }
    text = json.dumps(facts, indent=2, sort_keys=True, default=str) + "\n"
    try:
        write_whole(settings.out / OUTCOMES, data, durable=True)
        write_whole(settings.out / PART_JSON, text.encode("ascii"), durable=True)
    except OSError as error:
        raise unwritable(settings.out, error) from error


def _packed(rows: Iterable[Plain]) -> bytes:
    """Rows as compressed lines; of a million of them one at a time lies there unpacked."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packing:
        for row in rows:
            packing.write(f"{json.dumps(row)}\n".encode("ascii"))
    return buffer.getvalue()


def _rows(
    places: Sequence[int], findings: Sequence[Findings[Scored | Failed]]
) -> Iterator[dict[str, Any]]:
    timings = [_by_path(one) for one in findings]
    for index, place in enumerate(places):
        results = [one.results[index] for one in findings]
        path = results[0].capture.path
        yield {
            "place": place,
            "capture": plain_capture(results[0].capture),
            "results": [plain_result(result) for result in results],
            "fingerprints": [one.fingerprints.get(path) for one in findings],
            "timings": [own.get(path, []) for own in timings],
        }


def _by_path(findings: Findings[Scored | Failed]) -> dict[str, list[tuple[str, float]]]:
    """Stage and seconds of each capture."""
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for timing in findings.timings:
        found[timing.path].append((timing.stage, timing.seconds))
    return found


def open_part(folder: Path) -> Part:
    """Opens a part.

    Raises:
        PiqaError: there is none, it isn't complete, or another version wrote it.
    """
    try:
        facts = json.loads((folder / PART_JSON).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise PiqaError(
            f"{folder} holds no complete part: `score CAPTURES --shard K/N -o {folder}` writes one"
        ) from None
    except OSError as error:
        raise PiqaError(f"can't read {folder / PART_JSON} ({error.strerror})") from None
    except ValueError:
        facts = None
    if not isinstance(facts, dict) or facts.get("kind") != KIND:
        raise PiqaError(f"{folder / PART_JSON} is damaged: score its shard again")
    if (facts["version"], facts["shape"]) != (_VERSION, SHAPE):
        raise PiqaError(
            f"{folder} was written by piqa-cli {facts['piqa_cli']}, this is {__version__}: "
            "score its shard again with this version"
        )
    return Part(folder, facts)

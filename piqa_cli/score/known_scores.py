"""Results of a run's captures: kept scores, new ones, failures (no torch here)."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace

from piqa_cli.errors import CaptureError, PiqaError
from piqa_cli.read.exif import EXIF_VERSION
from piqa_cli.records import Capture, Failed, Scored
from piqa_cli.runs.batches import in_batches
from piqa_cli.score.cache import Kept, Origin, ScoreCache
from piqa_cli.score.fingerprint import Key
from piqa_cli.score.readers import Readers
from piqa_cli.score.shared_cache import LayeredCache
from piqa_cli.score.worker import renew_exif
from piqa_cli.settings import Damaged


@dataclass(slots=True)
class KnownScores:
    """Scores by fingerprint; new ones go into the cache as they come.

    Attributes:
        cache: None: nothing is kept.
        keys: by capture path, where the file could be read.
        failed: by fingerprint, or by path where the file couldn't be read.
        known: scores by fingerprint; see `outcome_store.room_for_scores`.
        warnings: what went wrong with the cache.
    """

    cache: ScoreCache | LayeredCache | None
    keys: Mapping[str, Key]
    failed: dict[str, Failed]
    known: MutableMapping[str, Scored] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def first_of_each(self, captures: Sequence[Capture]) -> dict[str, Capture]:
        """First capture of each fingerprint, that is of equal files with equal faces."""
        first: dict[str, Capture] = {}
        for capture in captures:
            if capture.path in self.keys:
                first.setdefault(self.keys[capture.path].fingerprint, capture)
        return first

    def look_up(
        self,
        captures: Sequence[Capture],
        readers: Readers,
        *,
        processor: str | None,
        damaged: Damaged = "refuse",
    ) -> None:
        """Takes what the cache knows; EXIF that an older reader read is read again.

        Scores of damaged files are left there where these are refused.

        Raises:
            PiqaError: the cache can't be read.
        """
        if self.cache is None:
            return
        first = self.first_of_each(captures)
        for some in in_batches(first):
            kept = self.cache.get(some, processor=processor)
            if damaged == "refuse":
                kept = {key: item for key, item in kept.items() if not item.scored.facts.damage}
            self.known.update((key, item.scored) for key, item in kept.items())
            self._renew_exif(
                {k: item for k, item in kept.items() if item.origin.exif_version != EXIF_VERSION},
                first,
                readers,
            )

    def _renew_exif(
        self, old: Mapping[str, Kept], first: Mapping[str, Capture], readers: Readers
    ) -> None:
        """A score doesn't hang on the EXIF, so only that is read again."""
        reading = {key: readers.submit(renew_exif, first[key].file) for key in old}
        for key, future in reading.items():
            try:
                exif = readers.result_of(future)
            except CaptureError:  # what the older reader saw stands
                continue
            scored = old[key].scored
            scored = replace(scored, facts=replace(scored.facts, exif=exif))
            self.known[key] = scored
            self._put(key, scored, replace(old[key].origin, exif_version=EXIF_VERSION))

    def todo(self, captures: Sequence[Capture]) -> list[Capture]:
        """The captures to score now: one of each fingerprint that isn't known."""
        first = self.first_of_each(captures)
        return [capture for key, capture in first.items() if key not in self.known]

    def keep(self, result: Scored | Failed, *, model: str, processor: str) -> bool:
        """Keeps a new result; says whether it is a score."""
        key = self.keys[result.capture.path]
        if isinstance(result, Scored) and result.facts.sha256 != key.sha256:
            result = Failed(result.capture, "read", "the file changed during the run", None)
        if isinstance(result, Failed):
            self.failed[key.fingerprint] = result
            return False
        self.known[key.fingerprint] = result
        self._put(key.fingerprint, result, Origin(model, processor, EXIF_VERSION))
        return True

    def _put(self, fingerprint: str, scored: Scored, origin: Origin) -> None:
        if self.cache is None:
            return
        try:
            self.cache.put(fingerprint, scored, origin)
        except PiqaError as error:  # a full disk, a lock: the run goes on without
            self.cache = None
            self.warnings += (f"scores of this run aren't kept: {error}",)

    def result_of(self, capture: Capture) -> Scored | Failed:
        """The result of a capture's fingerprint; failures without one go by path."""
        key = self.keys.get(capture.path)
        if key is not None and key.fingerprint in self.known:
            return replace(self.known[key.fingerprint], capture=capture)
        return replace(self.failed[key.fingerprint if key else capture.path], capture=capture)

"""Damages pictures of all formats at random and shows what reading makes of them.

python -m tests.fuzz --count 10000 --seed 1 [--format jpeg] [--keep FOLDER] [--score]
"""

from __future__ import annotations

import argparse
import collections
import functools
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.fuzz.judging import Score, Verdict, judge, plan
from tests.fuzz.mutations import MUTATIONS
from tests.fuzz.pictures import FUZZED, wholes

_HARMLESS = ("same", "near")


def main() -> None:
    options = _options()
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    names = [options.format] if options.format else FUZZED
    chosen = [whole for name in names for whole in wholes(name)]
    start = time.monotonic()
    verdicts = []
    mutants = plan(chosen, options.count, options.seed)
    for verdict in judge(mutants, keep=options.keep, score=_score() if options.score else None):
        verdicts.append(verdict)
        if verdict.word not in ("refused", *_HARMLESS) or verdict.score_change is not None:
            print(_line(verdict), flush=True)
    print()
    print("\n".join(_table(verdicts)))
    print(f"\n{len(verdicts)} mutants in {time.monotonic() - start:.0f} s")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=list(FUZZED), help="of these only")
    parser.add_argument("--keep", type=Path, help="folder for mutants that were not seen through")
    parser.add_argument("--score", action="store_true", help="score pixels that changed (slow)")
    return parser.parse_args()


def _score() -> Score:
    """Scores by the shipped model, each picture once."""
    from piqa_cli.api import load_model

    model = load_model("dn-piqa-mini")

    @functools.lru_cache(maxsize=64)
    def of_bytes(shape: tuple[int, ...], pixels: bytes) -> float:
        return model.score(np.frombuffer(pixels, np.uint8).reshape(shape).copy()).score

    def score(pixels: NDArray[np.uint8]) -> float:
        return of_bytes(pixels.shape, pixels.tobytes())

    return score


def _line(verdict: Verdict) -> str:
    parts = [verdict.word, verdict.whole, verdict.kind, f"seed {verdict.seed}"]
    if verdict.difference is not None:
        parts.append(f"{verdict.difference:.4f} grey levels")
    if verdict.score_change is not None:
        parts.append(f"score moved by {verdict.score_change:.3f}")
    return ", ".join([*parts, *([verdict.reason] if verdict.reason else [])])


def _table(verdicts: list[Verdict]) -> list[str]:
    """Refused / harmless / violations, by mutation and format."""
    formats = [name for name in FUZZED if any(v.whole.split()[0] == name for v in verdicts)]
    lines = ["refused / harmless / beyond", f"{'':18}" + "".join(f"{n:>16}" for n in formats)]
    for kind in (*MUTATIONS, None):
        line = f"{kind or 'all':18}"
        for name in formats:
            words = collections.Counter(
                v.word for v in verdicts if v.whole.split()[0] == name and kind in (None, v.kind)
            )
            harmless = sum(words[word] for word in _HARMLESS)
            rest = words.total() - words["refused"] - harmless
            line += f"{words['refused']:>8} /{harmless:>3} /{rest:>3}".rjust(16)
        lines.append(line)
    return lines


if __name__ == "__main__":  # the decode processes import this module, too
    main()

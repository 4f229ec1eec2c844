"""Results of a benchmark: figures computed from them, table rows, lines and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from piqa_cli.benchmark.measure import Benchmark
from piqa_cli.benchmark.networks import NetworkSpeed, Unusable
from piqa_cli.benchmark.rates import Rates
from piqa_cli.benchmark.reference import Comparison
from piqa_cli.benchmark.stages import FRONT_STAGES, PARTS_OF_READ, Stages
from piqa_cli.benchmark.whole import WholeRun
from piqa_cli.processors import available_processors

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]

CORES = (1, 2, 4, 8, 16)


def network_table(found: Benchmark) -> Table:
    """One way of running the networks a row."""
    head = (
        "networks",
        "photos/s",
        "CPU-s",
        "TFLOP/s",
        "matrix TFLOP/s",
        "share",
        "first s",
        "score moves",
        "note",
    )
    return head, [_network_row(speed) for speed in found.networks]


def _network_row(speed: NetworkSpeed | Unusable) -> tuple[str, ...]:
    if isinstance(speed, Unusable):
        return (speed.way.title, *["-"] * 7, speed.reason)
    return (
        speed.way.title,
        f"{speed.photos_s:.3g}",
        f"{speed.spent.cpu_s / speed.photos:.3g}",
        f"{speed.tflop_s:.3g}",
        f"{speed.peak_tflop_s:.3g}",
        f"{speed.share_of_peak:.0%}",
        f"{speed.first_s:.1f}",
        f"{speed.largest_move:.1e}",
        speed.trouble or "",
    )


def stage_table(stages: Stages, networks: NetworkSpeed) -> Table:
    """One stage a row, with its share of all CPU time; parts of `read` stand below it."""
    rows: list[tuple[str, ...]] = []
    networks_each = networks.spent / networks.photos
    whole = stages.front.cpu_s + networks_each.cpu_s

    def add(name: str, cpu_s: float, wall_s: float, share: str) -> None:
        rows.append((name, f"{cpu_s:.3f}", f"{wall_s:.3f}", share))

    for name in FRONT_STAGES:
        spent = stages.spent[name]
        add(name, spent.cpu_s, spent.wall_s, f"{spent.cpu_s / whole:.0%}")
        for part in PARTS_OF_READ if name == "read" else ():
            add(f"  of it {part}", stages.spent[part].cpu_s, stages.spent[part].wall_s, "")
    share = f"{networks_each.cpu_s / whole:.0%}"
    add("networks", networks_each.cpu_s, networks_each.wall_s, share)
    return ("stage of one photograph", "CPU-s", "wall s", "of CPU time"), rows


def rate_by_cores(found: Benchmark) -> dict[int, float]:
    """Photographs a second that so many cores would give, see `Rates`."""
    assert found.stages is not None
    networks = found.fastest
    rates = Rates(
        front_s=found.stages.front.cpu_s,
        hash_s=found.stages.spent["hash"].cpu_s,
        networks_s=networks.spent.cpu_s / networks.photos,
        photos_s=networks.photos_s if found.on_gpu else None,
        cores=1,
        main_s=main_cpu_s(found) or 0.0,
    )
    return {cores: replace(rates, cores=cores).per_s for cores in CORES}


def main_cpu_s(found: Benchmark) -> float | None:
    """CPU seconds of the main process for each photograph, its networks aside; None: not known."""
    return None if found.by_workers is None else found.by_workers[1].own_cpu_s


def two_workers_to_one(found: Benchmark) -> float | None:
    """Ratio of the rates with two front processes and with one; None: too few photographs."""
    assert found.by_workers is not None
    one, two = (run.photos_s for run in found.by_workers)
    return two / one if one and two else None


def bound_by(found: Benchmark) -> str:
    """Name of the part that limits a run: the networks, or the front end and its longest stage.

    On a CPU it is the stage with most CPU time, on a GPU the slower of the two that overlap.
    """
    assert found.stages is not None
    spent = {name: found.stages.spent[name].cpu_s for name in FRONT_STAGES}
    longest = max(spent, key=lambda name: spent[name])
    networks = found.fastest
    if not found.on_gpu:  # all share the cores
        each_s = networks.spent.cpu_s / networks.photos
        is_networks = each_s > spent[longest]
    else:
        front_s = (found.front and found.front.photos_s) or 1 / sum(spent.values())
        is_networks = networks.photos_s < front_s
    return "the networks" if is_networks else f"the front end (its longest stage: {longest})"


def lines(found: Benchmark) -> Iterator[str]:
    """Lines on all but the two tables."""
    if found.stages is not None:
        yield f"bound by {bound_by(found)}"
        rates = (f"{cores}: {rate:.3g}" for cores, rate in rate_by_cores(found).items())
        yield f"photos/s by cores, computed from the CPU times above: {', '.join(rates)}"
    if found.comparison is not None:
        yield from _comparison_lines(found.comparison)
    if found.front is not None and found.whole is not None:
        yield _run_line("front end alone", found.front)
        yield _run_line("whole run", found.whole)
        if not found.in_front:
            yield _share_line(found.front, whole_of_slower(found), found.fastest)
    if found.by_workers is not None:
        yield from _worker_lines(found)


def _share_line(front: WholeRun, share: float | None, networks: NetworkSpeed) -> str:
    if share is None:
        return "whole run: too few photographs to compare it with its parts; 5 or more can tell"
    return (
        f"whole run: {share:.0%} of the slower of front end ({front.photos_s:.3g}) "
        f"and networks ({networks.photos_s:.3g})"
    )


def _worker_lines(found: Benchmark) -> Iterator[str]:
    ratio, main_s = two_workers_to_one(found), main_cpu_s(found)
    if ratio is None or main_s is None:
        yield "workers: too few photographs to compare one with two; 5 or more can tell"
        return
    assert found.by_workers is not None
    one, two = (run.photos_s for run in found.by_workers)
    yield f"workers: two give {ratio:.2f} times the photographs of one ({two:.3g} and {one:.3g}/s)"
    rates = rate_by_cores(found)
    more = (f"{rates[cores] / rates[1]:.3g} with {cores}" for cores in CORES if cores > 2)
    yield (
        f"cores: times the photographs of one, computed: {', '.join(more)} "
        f"(the main process takes {main_s:.2g} CPU-s a photo)"
    )


def whole_of_slower(found: Benchmark) -> float | None:
    """Ratio of the whole run's rate to that of its slower part.

    None: too few photographs, or front processes run the networks.
    """
    assert found.front is not None
    assert found.whole is not None
    if found.in_front or found.whole.photos_s is None or not found.front.photos_s:
        return None
    return found.whole.photos_s / min(found.front.photos_s, found.fastest.photos_s)


def _comparison_lines(found: Comparison) -> Iterator[str]:
    for what, ours, loop in (
        ("networks", found.ours, found.loop),
        ("file to score", found.ours_whole, found.loop_whole),
    ):
        yield (
            f"beside the plain loop, {what}: {ours.cpu_s:.3g} of {loop.cpu_s:.3g} CPU-s "
            f"({ours.cpu_s / loop.cpu_s:.2f}), {ours.wall_s:.3g} of {loop.wall_s:.3g} s "
            f"({ours.wall_s / loop.wall_s:.2f})"
        )
    yield f"largest difference of a score from the loop's: {found.largest_difference:.1e}"


def _run_line(name: str, run: WholeRun) -> str:
    rate = "" if run.photos_s is None else f"{run.photos_s:.3g} photos/s once steady, "
    return (
        f"{name}, {run.workers} front processes: {rate}"
        f"first score after {run.first_s:.1f} s, {run.spent.cpu_s / run.photos:.3g} CPU-s a photo"
    )


def as_json(found: Benchmark) -> dict[str, Any]:
    """All that was measured, and the ratios."""
    values: dict[str, Any] = {
        "notes": list(found.notes),
        "on_gpu": found.on_gpu,
        "cores": available_processors(),
        "networks": [_network_json(speed) for speed in found.networks],
    }
    if found.stages is not None:
        values["stages"] = {name: asdict(spent) for name, spent in found.stages.spent.items()}
        values["bound_by"] = bound_by(found)
        values["computed_photos_s_by_cores"] = rate_by_cores(found)
    if found.comparison is not None:
        values["reference"] = asdict(found.comparison)
    if found.front is not None and found.whole is not None:
        values["front_alone"], values["whole"] = asdict(found.front), asdict(found.whole)
        values["whole_of_slower"] = whole_of_slower(found)
    if found.by_workers is not None:
        rates = rate_by_cores(found)
        values["workers"] = {
            "runs": [asdict(run) for run in found.by_workers],
            "two_to_one": two_workers_to_one(found),
            "main_cpu_s": main_cpu_s(found),
            "computed_times_one_core": {cores: rate / rates[1] for cores, rate in rates.items()},
        }
    return values


def _network_json(speed: NetworkSpeed | Unusable) -> dict[str, Any]:
    if isinstance(speed, Unusable):
        return asdict(speed)
    return {
        **asdict(speed),
        "photos_s": speed.photos_s,
        "tflop_s": speed.tflop_s,
        "share_of_peak": speed.share_of_peak,
    }

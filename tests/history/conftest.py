"""Nights: small runs, written through the same doors as the real ones."""

from dataclasses import replace

import pytest

from piqa_cli.runs.folder import prepare_out, write_run
from tests.runs.samples import content, device_rank, scene_rank, scored


@pytest.fixture
def night(tmp_path):
    """Writes a run of a day: night("2026-01-05", {"A": 0.5}, scenes=("Hall",), firmware={})."""

    def make(day, scores, *, scenes=("Hall", "Night"), firmware=None, folder=None, **changes):
        firmware = firmware or {}
        gaps = changes.pop("gaps", {})
        devices = [
            replace(
                device_rank(device, score, place),
                n_scenes=len(scenes),
                firmware=firmware.get(device),
                **gaps.get(device, {}),
            )
            for place, (device, score) in enumerate(scores.items(), start=1)
        ]
        cells = [
            replace(scene_rank(scene, device, score, 1), firmware=firmware.get(device))
            for scene in scenes
            for device, score in scores.items()
        ]
        out = tmp_path / "runs" / (folder or day)
        prepare_out(out)
        provenance = {"started_at": f"{day}T02:00:00+00:00"}
        results = [scored("Hall", device, score) for device, score in scores.items()]
        base = {"results": results, "provenance": provenance}
        base |= {"device_ranks": devices, "scene_ranks": cells}
        write_run(content(out=out, **base | changes))
        return out

    return make


@pytest.fixture
def runs(tmp_path):
    return tmp_path / "runs"

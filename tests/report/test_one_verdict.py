"""No page contradicts another: rank ranges, sentences, rivals and pairs rest on one contrast."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from piqa_cli.report.device.page import device_views
from piqa_cli.report.pairs.endings import pair_kind
from piqa_cli.report.pairs.table import key_a, key_b, overall_pairs
from piqa_cli.runs.pictures import PictureSource
from tests.report.ranked import LAB, ranked_site


def field(n_devices, n_scenes, *, seed=1, missing=0.4):
    """A field with gaps of all sizes, noisy scenes and holes, as PIQ23 has them."""
    rng = np.random.default_rng(seed)
    quality = np.sort(rng.normal(0, 1, n_devices))[::-1]
    return {
        f"scene {s:02}": {
            f"phone {d:03}": tuple(quality[d] + rng.normal(0, 0.7, 1 + d % 2))
            for d in range(n_devices)
            if rng.random() > missing
        }
        for s in range(n_scenes)
    }


@pytest.fixture(scope="module", params=["lab", "six phones", "as large as PIQ23"])
def site(request, tmp_path_factory):
    scores = {
        "lab": LAB,
        "six phones": field(6, 4, missing=0.2),
        "as large as PIQ23": field(194, 50, missing=0.75),
    }[request.param]
    return ranked_site(tmp_path_factory.mktemp("run"), scores=scores, conditions={})


def clear_pairs(site):
    """Competitors that a pair calls clearly better, and clearly worse, by competitor."""
    better, worse = Counter(), Counter()
    for row in overall_pairs(site):
        if pair_kind(row, site.tie) == "clear":
            ahead = row.difference > 0
            worse[key_a(site, row) if ahead else key_b(site, row)] += 1
            better[key_b(site, row) if ahead else key_a(site, row)] += 1
    return better, worse


def test_rank_ranges_count_the_clear_pairs(site):
    better, worse = clear_pairs(site)
    rows = site.overall()
    for row in rows:
        rivals = sum(other.league == row.league for other in rows)
        key = site.key(row)
        assert (row.rank_low, row.rank_high) == (1 + better[key], rivals - worse[key])


def test_device_pages_say_what_pairs_say(site):
    better, worse = clear_pairs(site)
    views = device_views(site, PictureSource.in_folder(site.run.folder / "pictures", "none"))
    for key, view in zip(site.competitors, views, strict=True):
        count = {"better": worse[key], "worse": better[key]}
        for side, n in count.items():
            said = re.search(rf"clearly {side} than (\d+) device", view.detail.lower())
            if "than every other" in view.detail.lower():
                assert count == {"better": len(site.overall()) - 1, "worse": 0}
            else:
                assert int(said[1] if said else 0) == n
        for line in view.rivals.lines if view.rivals else ():
            assert ("clearly" in line.verdict) == (line.kind == "clear")

from __future__ import annotations

import pytest

from piqa_cli.report.device.takes import sd_interval, sd_ratio_interval, takes_view
from tests.report.ranked import ranked_site


def test_intervals_match_the_tables_of_chi_squared_and_f():
    # chi-squared(5): 0.8312 and 12.8325; F(5, 10): 4.2361 and, inverted, 1 / 6.6192
    assert sd_interval(0.2, 5) == pytest.approx((0.12484, 0.49052), abs=1e-4)
    assert sd_ratio_interval(1.0, 5, 10) == pytest.approx((0.48587, 2.57278), abs=1e-4)


def test_a_shaky_device_is_called_so_only_when_it_is_clear(tmp_path):
    scores = {f"S{n}": {"A": (0.0, 0.1), "B": (1.0, 1.12), "Shaky": (0.0, 2.0)} for n in range(6)}
    site = ranked_site(tmp_path / "run", scores=scores)
    shaky = takes_view(site, site.overall(), ("Shaky", None))
    assert shaky.verdict.endswith("clearly less repeatable than the others.")
    assert (shaky.sd, shaky.df) == ("1.41", 6)
    calm = takes_view(site, site.overall(), ("A", None))
    assert calm.verdict.endswith("clearly more repeatable than the others.")


def test_few_takes_decide_nothing(tmp_path):
    scores = {"Bar": {"A": (0.0, 0.1), "B": (1.0, 1.2)}}
    site = ranked_site(tmp_path / "run", scores=scores)
    view = takes_view(site, site.overall(), ("A", None))
    assert view.verdict.endswith("not clearly more or less repeatable than the others.")


def test_without_repeated_takes_nothing_is_said(tmp_path):
    site = ranked_site(tmp_path / "run", scores={"Bar": {"A": (0.0,), "B": (1.0, 1.2)}})
    assert takes_view(site, site.overall(), ("A", None)) is None
    alone = takes_view(site, site.overall(), ("B", None))
    assert alone.verdict == "No other device has two takes of a scene to compare with."

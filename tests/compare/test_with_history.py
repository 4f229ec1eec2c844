"""`compare` and `history` on the same two runs: which number each shows."""

import pytest

from piqa_cli.compare.comparison import compare_folders
from piqa_cli.history.collect import history_of
from piqa_cli.history.find import read_runs
from tests.browser.runs import scored, write

GAINS = {"Aster One": 0.8, "Birch 12 Pro": 0.2, "Dune Lite": -0.4}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two nights of three devices in two scenes; every device gains its own amount in both."""
    root = tmp_path_factory.mktemp("nights")
    return [
        write(
            root / name,
            [
                scored(scene, device, take=take, gain=share * gain)
                for scene in ("hall", "park")
                for device, gain in GAINS.items()
            ],
        )
        for name, share, take in (("base", 0.0, 1), ("new", 1.0, 2))
    ]


def test_history_is_the_change_of_compare_less_that_of_the_mean_device(folders):
    found = {row.subject.label: row.difference for row in compare_folders(*folders).overall()}
    mean = sum(found.values()) / len(found)
    runs, _ = read_runs(folders)
    for device, difference in found.items():
        past = history_of(runs, device).series[0].points[1]
        assert past.change == pytest.approx(difference - mean)
    assert mean != pytest.approx(0.0, abs=0.05)


def test_against_a_reference_history_is_the_change_less_that_of_the_reference(folders):
    found = {row.subject.label: row.difference for row in compare_folders(*folders).overall()}
    runs, _ = read_runs(folders)
    past = history_of(runs, "Aster One", reference="Dune Lite").series[0].points[1]
    assert past.change == pytest.approx(found["Aster One"] - found["Dune Lite"])

from __future__ import annotations

from piqa_cli.faults import FAULTS
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.fault_costs import mean_costs, why
from piqa_cli.schema import CAPTURES
from tests.runs.samples import scored_row

LIGHT = [0.1] * 11


def row(**costs: float) -> ScoredRow:
    names = "blur dark bright noise smear halo cast haze harsh colour blocking".split()
    return scored_row(more={"fault_costs": [costs.get(name, 0.1) for name in names]})


def test_the_two_largest_differences_are_named_the_largest_first():
    said = why(row(blur=0.5, noise=1.1, halo=0.35), LIGHT)
    assert said == "more noise than the others (1.00), more blur (0.40)"


def test_what_is_better_than_usual_is_said_too():
    assert why(row(dark=0.1), [0.1, 0.6, *LIGHT[2:]]) == "less darkness than the others (0.50)"


def test_halos_are_many():
    assert why(row(halo=0.5), LIGHT) == "more halos than the others (0.40)"


def test_small_differences_explain_nothing():
    assert why(row(blur=0.29), LIGHT) == "no fault stands out from the others"


def test_older_runs_and_other_models_have_no_why():
    assert why(scored_row(), LIGHT) == ""
    assert why(scored_row(more={"fault_costs": [0.5]}), LIGHT) == ""
    assert why(row(), None) == ""


def test_the_mean_is_of_devices_however_many_takes_they_have():
    devices = [[row(blur=1.0), row(blur=1.0), row(blur=1.0)], [row(blur=0.0)]]
    mean = mean_costs(devices)
    assert mean is not None
    assert round(mean[0], 9) == 0.5


def test_one_device_alone_has_nothing_to_be_compared_with():
    assert mean_costs([[row(blur=1.0)], [scored_row()]]) is None


def test_faults_are_those_of_the_model_and_of_the_schema():
    names = [fault.name for fault in FAULTS]
    meaning = next(column.meaning for column in CAPTURES if column.name == "fault_costs")
    assert f"{', '.join(names[:-1])} and {names[-1]};" in meaning

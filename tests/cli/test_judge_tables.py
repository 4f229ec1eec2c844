"""Every table of `train judge` as a terminal shows it."""

from __future__ import annotations

import pytest

from piqa_cli.cli import judge_tables
from piqa_cli.train.judges.calibration import CalibrationRow, Reliability
from piqa_cli.train.judges.detail import DetailRow
from piqa_cli.train.judges.faults import FaultRow, VarietyRow
from piqa_cli.train.judges.framing import FramingRow
from piqa_cli.train.judges.ratings import RatingsRow
from piqa_cli.train.options import JudgeRow

RATINGS = [
    RatingsRow("lab", "score", 0.91234, 0.8, (0.9, 0.95), 1200, 3),
    RatingsRow("lab", "without fine detail", -0.0512, 0.7, (0.1,), 7, 3),
]
SINGLE = [RatingsRow("pix", "score", 0.91234, 0.8, (0.9, 0.95), 1200, 0)]
CALIBRATION = CalibrationRow(
    jod_per_unit=1.2149, reliability=(Reliability(0.5501, 0.6, 120), Reliability(0.9, 1.0, 8))
)
DETAIL = [
    DetailRow("texture smear", 0.95, -0.0001, 0.456, 11),
    DetailRow("halos", 1.0, 1.234, 12.0, 11),
]
FROZEN = [JudgeRow("model", 0.9561, 0.81, 12, 960), JudgeRow("sharpness", -0.1, -0.9, 12, 960)]
VARIETY = [
    VarietyRow("background blurred", -0.001, -0.456, 20),
    VarietyRow("grey", 0.125, 0.005, 20),
]


@pytest.mark.parametrize(
    ("printed", "rows", "lines"),
    [
        (
            judge_tables.print_ratings,
            RATINGS,
            (
                "lab, within scenes (3)    SRCC   PLCC   by weights  captures",
                "score                    0.912  0.800  0.900 0.950      1200",
                "without fine detail     -0.051  0.700        0.100         7",
            ),
        ),
        (
            judge_tables.print_ratings,
            SINGLE,
            (
                "pix, single photographs   SRCC   PLCC   by weights  captures",
                "score                    0.912  0.800  0.900 0.950      1200",
            ),
        ),
        (
            judge_tables.print_calibration,
            CALIBRATION,
            (
                "preference stated  people agree  pairs",
                "             0.55          0.60    120",
                "             0.90          1.00      8",
                "",
                "JOD for one unit of score, so that both agree: 1.21",
            ),
        ),
        (
            judge_tables.print_framing,
            FramingRow(0.1234, 1.5, 0.08229, 30),
            (
                "framing         noise  spread  ratio  captures",
                "up to 3 % lost  0.123   1.500  0.082        30",
            ),
        ),
        (
            judge_tables.print_frozen_test,
            FROZEN,
            (
                "frozen test    SRCC  worst scene  scenes  captures",
                "model         0.956        0.810      12       960",
                "sharpness    -0.100       -0.900      12       960",
            ),
        ),
        (
            judge_tables.print_faults,
            [FaultRow("defocus", 0.98765, 40, 1.0, 9)],
            (
                "single fault  neighbours right  pairs  named right  captures",
                "defocus                  0.988     40        1.000         9",
            ),
        ),
        (
            judge_tables.print_variety,
            VARIETY,
            (
                "natural variety     mean change  worst tenth  portraits",
                "background blurred        +0.00        -0.46         20",
                "grey                      +0.12        +0.01         20",
            ),
        ),
        (
            judge_tables.print_detail,
            DETAIL,
            (
                "fine detail    better one ahead  mean gap  seen at 512 px  photographs",
                "texture smear             0.950     +0.00     0.46 of 255           11",
                "halos                     1.000     +1.23    12.00 of 255           11",
            ),
        ),
    ],
)
def test_a_table_is_printed_with_an_empty_line_below(capsys, printed, rows, lines):
    printed(rows)
    assert capsys.readouterr().out == "\n".join(lines) + "\n\n"

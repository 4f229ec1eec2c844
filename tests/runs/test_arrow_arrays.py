from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piqa_cli.runs.arrow_arrays import ARROW_TYPES, arrow_array

VALUES = {
    "string": st.text(),
    "float64": st.floats(allow_nan=False) | st.integers(-5, 5),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "bool": st.booleans(),
    "list<float64>": st.lists(st.floats(allow_nan=False), max_size=4),
}


@pytest.mark.parametrize("kind", VALUES)
def test_arrays_are_those_of_pyarrow(kind):
    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(st.lists(st.none() | VALUES[kind], max_size=20))
    def compare(values):
        made = arrow_array(kind, values)
        made.validate(full=True)
        assert made.equals(pa.array(values, type=ARROW_TYPES[kind]))

    compare()


@pytest.mark.parametrize(
    ("kind", "value", "error"),
    [
        ("string", 1, TypeError),
        ("float64", "fast", TypeError),
        ("float64", True, TypeError),
        ("int64", 1.5, TypeError),
        ("int64", 2**63, OverflowError),
        ("bool", 1, TypeError),
        ("list<float64>", [1.0, "a"], TypeError),
        ("string", "\udc80", ValueError),
    ],
)
def test_another_type_is_refused(kind, value, error):
    with pytest.raises(error):
        arrow_array(kind, [None, value])


def test_numbers_of_numpy_fit():
    assert arrow_array("int64", [np.int64(3)]).to_pylist() == [3]
    assert arrow_array("float64", [np.float64(0.5)]).to_pylist() == [0.5]
    assert arrow_array("bool", [np.True_, None]).to_pylist() == [True, None]


def test_writing_and_reading_a_table_imports_no_pandas():
    code = (
        "import sys; from piqa_cli.runs.parquet import parquet_bytes, parquet_rows\n"
        "rows = [{'path': 'a', 'stage': 'read', 'seconds': 0.25}]\n"
        "assert parquet_rows('timings', parquet_bytes('timings', rows), 'it') == rows\n"
        "assert 'pandas' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

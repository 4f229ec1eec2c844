"""The small runs of `tests/runs`, to make pages of."""

from tests.runs.conftest import make_run  # noqa: F401

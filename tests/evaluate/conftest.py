"""Small runs, written through the same doors as the real ones."""

import pytest

from piqa_cli.runs.folder import prepare_out, write_run
from tests.runs.samples import content


@pytest.fixture
def make_run(tmp_path):
    """Writes a run of `content(**changes)` and gives its folder."""

    def make(name="run", *, csv=False, **changes):
        folder = tmp_path / name
        prepare_out(folder)
        write_run(content(out=folder, **changes), csv=csv)
        return folder

    return make

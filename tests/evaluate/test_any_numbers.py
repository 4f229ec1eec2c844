"""Whatever numbers come, there is an answer: finite figures, and a page that renders."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from piqa_cli.evaluate.as_json import as_json
from piqa_cli.evaluate.evaluation import compare
from piqa_cli.evaluate.listing import Entry, Listing
from piqa_cli.evaluate.page import page_files

VALUES = st.one_of(
    st.sampled_from([0.0, 1.0, 0.1 + 0.2, 0.3, -1e12, 1e12, 1e-9]),
    st.floats(-5, 5),
    st.floats(-1e12, 1e12),
)
ROWS = st.lists(
    st.tuples(VALUES, VALUES, st.sampled_from("ab"), st.sampled_from("ABCDE")),
    min_size=1,
    max_size=24,
)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, column=st.sampled_from(["jod", "mos"]))
def test_figures_are_finite_and_within_their_range(tmp_path_factory, rows, column):
    here = tmp_path_factory.getbasetemp()
    scores = [Entry("", f"{i}", s, device=d) for i, (s, _, _, d) in enumerate(rows)]
    truth = [Entry("", f"{i}", t, scene=scene) for i, (_, t, scene, _) in enumerate(rows)]
    found = compare(
        Listing(here, "score", tuple(scores)), Listing(here, column, tuple(truth)), truth_sha256="0"
    )
    json.dumps(as_json(found), allow_nan=False)
    assert all(b.accuracy is None or 0 <= b.accuracy <= 1 for b in found.pairs)
    for scene in found.scenes:
        known = (scene.srcc, scene.plcc, scene.plcc_fitted, scene.krcc)
        assert all(value is None or -1 <= value <= 1 for value in known)
        assert (scene.srcc is None) == (scene.note is not None and "undefined" in scene.note)
    assert dict(page_files(found)).keys() >= {"index.html"}

from __future__ import annotations

import pytest
from PIL import Image

from piqa_cli.errors import PiqaError
from piqa_cli.train.judges.detail import judge_detail
from tests.train.conftest import scenery


def test_two_phones_that_differ_in_fine_detail_are_judged(fresh, tmp_path):
    Image.fromarray(scenery(3, 560, 600)).save(tmp_path / "a.png")
    (tmp_path / "manifest.csv").write_text("file,face_box\na.png,\n")
    rows = judge_detail(fresh, tmp_path, quiet=True)
    assert [row.fault for row in rows] == [
        "texture smear",
        "fine noise",
        "halos",
        "slight focus error",
        "enlarged from 512 px",
    ]
    assert {row.n_photos for row in rows} == {1}
    assert all(row.right == float(row.mean_gap > 0) for row in rows)
    assert [row.seen_at_512 > 0 for row in rows] == [True, True, True, True, False]


def test_a_folder_without_photographs_is_refused(fresh, tmp_path):
    with pytest.raises(PiqaError, match="no photographs in"):
        judge_detail(fresh, tmp_path, quiet=True)

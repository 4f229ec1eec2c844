from __future__ import annotations

import os

from piqa_cli.discover.names import as_label, as_text


def test_bytes_that_are_no_utf8_stay_readable():
    assert as_text(os.fsdecode(b"\xe9\xc3\xa9")) == r"\xe9é"


def test_both_spellings_of_an_accent_are_one_scene(tree, find):
    root = tree("a/cafe\u0301 /1.jpg", "b/caf\u00e9/1.jpg")
    assert {c.scene for c in find(root, "{device}/{scene}").captures} == {"caf\u00e9"}
    assert as_label(" cafe\u0301") == "caf\u00e9"

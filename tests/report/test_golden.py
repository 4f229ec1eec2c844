"""Every kind of page, of tiny fixed runs, as it was when somebody last looked at it.

    RENEW_GOLDEN=1 pytest tests/report/test_golden.py

writes the pages in `golden/` anew; `git diff` then shows what a change of templates does.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from piqa_cli.cli.main import app
from tests.browser.runs import lab_run

_STYLES = re.compile(r"<style>.*?</style>", re.DOTALL)  # a sheet may change, the page stays
GOLDEN = Path(__file__).parent / "golden"
PAGES = {
    "index": "lab/report/index.html",
    "scene": "lab/report/scenes/night.html",
    "device": "lab/report/device-birch-12-pro.html",
    "pairs": "lab/report/pairs.html",
    "captures": "lab/report/captures.html",
    "no-pictures": "bare/report/scenes/night.html",
    "given": "given/report/scenes/night.html",
    "compare": "compared/report/index.html",
    "evaluate": "evaluated/index.html",
    "history": "history/trend.html",
}
SCORES = """path,scene,device,score,jod
night/Aster One/1.jpg,night,Aster One,1.25,1
night/Aster One/2.jpg,night,Aster One,1,1
night/Birch 12 Pro/1.jpg,night,Birch 12 Pro,0.5,0.5
night/Birch 12 Pro/2.jpg,night,Birch 12 Pro,0.75,0
night/Dune Lite/1.jpg,night,Dune Lite,-1,-1
park/Aster One/1.jpg,park,Aster One,0.5,1
park/Dune Lite/1.jpg,park,Dune Lite,-1.5,-1
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """All pages in one folder."""
    root = tmp_path_factory.mktemp("golden")
    lab, other = lab_run(root / "lab"), lab_run(root / "other", better="Dune Lite")
    lab_run(root / "bare")
    (root / "scores.csv").write_text(SCORES)
    for command in (
        ("report", root / "bare", "--pictures", "none"),
        ("rank", "--scores", root / "scores.csv", "--scale", "jod", "-o", root / "given"),
        ("compare", lab, other, "-o", root / "compared"),
        ("evaluate", lab, "--truth", root / "scores.csv", "-o", root / "evaluated"),
        ("history", "Dune Lite", lab, other, "-o", root / "history" / "trend.html"),
    ):
        done = CliRunner().invoke(app, [str(word) for word in command])
        assert done.exit_code == 0, done.output
    return root


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_it_was(made, name):
    page = _STYLES.sub("<style>…</style>", (made / PAGES[name]).read_text("utf-8"))
    golden = GOLDEN / f"{name}.html"
    if os.environ.get("RENEW_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(page, "utf-8")
    assert page.splitlines() == golden.read_text("utf-8").splitlines()


def test_every_golden_page_is_looked_at():
    assert {file.stem for file in GOLDEN.glob("*.html")} == set(PAGES)

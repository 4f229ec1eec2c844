"""Scripts of the pages: sound, strict, and without a name that nothing declares. Needs node."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
SCRIPTS = sorted(TEMPLATES.rglob("*.js"))
FREE_NAMES = Path(__file__).with_name("free_names.js")
NODE = shutil.which("node")
OF_THE_LANGUAGE = set(
    "Array Boolean Infinity JSON Map Math Number Object Set String Uint8Array "
    "decodeURIComponent encodeURIComponent parseInt undefined".split()
)
OF_THE_BROWSER = set(
    "Blob Event IntersectionObserver ResizeObserver URL atob clearTimeout document history "
    "location performance setTimeout window".split()
)

needs_node = pytest.mark.skipif(NODE is None, reason="node isn't installed: scripts go unchecked")


def node(*arguments):
    line = [NODE, *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def free_names(*files):
    done = node("--expose-internals", FREE_NAMES, *files)
    if "No such built-in module" in done.stderr:
        pytest.skip(f"the parser isn't where this node ({node('--version').stdout.strip()}) has it")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@needs_node
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_sound(script):
    done = node("--check", script)
    assert (done.returncode, done.stderr) == (0, "")


@needs_node
def test_scripts_assign_no_name_that_they_do_not_declare_and_read_only_known_ones():
    known = OF_THE_LANGUAGE | OF_THE_BROWSER
    found = free_names(*SCRIPTS)
    assert len(found) == len(SCRIPTS)
    for file, names in found.items():
        assert names == dict.fromkeys(names.keys() & known, "read"), file


@needs_node
def test_what_is_not_declared_is_found(tmp_path):
    script = tmp_path / "a.js"
    script.write_text(
        "(function () { for (const one of [1]) { total = one.size; }\n"
        "  let {a, b: [c]} = given; n++; const f = (x, y = 1) => ({x, y, w: a + c});\n"
        "  try { f(); } catch (e) { e.w = 2; } class K {} return K; })();"
    )
    expected = {"total": "assigned", "given": "read", "n": "assigned"}
    assert free_names(script) == {str(script): expected}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_one_strict_function(script):
    text = re.sub(r"^//.*\n", "", script.read_text("utf-8"), flags=re.MULTILINE).strip()
    assert text.startswith('(function () {\n  "use strict";\n')
    assert text.endswith("})();")


def test_what_scripts_leave_on_the_window_is_what_they_find_there():
    text = "\n".join(script.read_text("utf-8") for script in SCRIPTS)
    left = set(re.findall(r"window\.(piqa\w+) = ", text))
    assert set(re.findall(r"window\.(piqa\w+)", text)) == left != set()

"""PDFs come from a browser that is found or named, whole or not at all."""

from __future__ import annotations

import stat

import pytest

from piqa_cli.errors import MissingPartError, PiqaError
from piqa_cli.report.output.pdf import VARIABLE, find_chromium, print_pdf

PRINTS = """#!/bin/sh
for word in "$@"; do
  case "$word" in --print-to-pdf=*) printf '%s' "%PDF-1.4 made" > "${word#--print-to-pdf=}";; esac
done
echo "$@" > "$(dirname "$0")/asked"
"""


def program(folder, text, name="chromium"):
    file = folder / name
    file.write_text(text)
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def test_the_named_browser_comes_before_those_on_the_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    on_path = program(tmp_path, PRINTS)
    monkeypatch.delenv(VARIABLE, raising=False)
    assert find_chromium() == on_path
    other = program(tmp_path, PRINTS, "own-browser")
    monkeypatch.setenv(VARIABLE, other)
    assert find_chromium() == other


def test_without_a_browser_one_line_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(MissingPartError, match=r"install one .* or name its program"):
        find_chromium()
    monkeypatch.setenv(VARIABLE, "nowhere")
    with pytest.raises(MissingPartError, match="PIQA_CHROMIUM names nowhere"):
        find_chromium()


def test_the_page_is_printed_without_any_network(tmp_path):
    page, target = tmp_path / "a page.html", tmp_path / "page.pdf"
    page.write_text("x")
    print_pdf(page, target, browser=program(tmp_path, PRINTS), place="print-all")
    assert target.read_bytes() == b"%PDF-1.4 made"
    asked = (tmp_path / "asked").read_text()
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in asked
    assert asked.strip().endswith("a%20page.html#print-all")


@pytest.mark.parametrize("text", ["#!/bin/sh\nexit 0\n", "#!/bin/sh\nexit 7\n"])
def test_a_browser_that_fails_leaves_the_old_pdf(tmp_path, text):
    target = tmp_path / "page.pdf"
    target.write_bytes(b"old")
    with pytest.raises(PiqaError, match="made no PDF"):
        print_pdf(tmp_path / "p.html", target, browser=program(tmp_path, text))
    assert target.read_bytes() == b"old"

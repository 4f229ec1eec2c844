"""Warnings that the lab knows are folded away."""

from piqa_cli.report.render import render_report
from tests.strict_page import VOID, Page


class Read(Page):
    void = frozenset(VOID | {"br"})


def shown(folder):
    page = Read(render_report(folder).read_text(encoding="utf-8"))
    return " ".join(" ".join(page.texts).split())


def test_known_warnings_stand_in_a_fold_and_are_not_counted(make_run):
    warnings = ("k2 holds two phones", "bar can't be opened")
    plain = shown(make_run("plain", warnings=warnings))
    patterns = {"acknowledge": ["*TWO phones*"]}
    known = shown(make_run("known", warnings=warnings, settings=patterns))
    count = int(plain.split(" warnings", 1)[0].rsplit(" ", 1)[1])
    assert f"{count - 1} warning" in known
    assert "acknowledged" not in plain
    assert known.index("bar can't be opened") < known.index("1 acknowledged")
    assert known.index("1 acknowledged") < known.index("k2 holds two phones")


def test_blind_pages_count_the_open_ones_alone(make_run):
    patterns = {"acknowledge": ["*TWO phones*"]}
    run = make_run("run", warnings=("k2 holds two phones", "no bar"), settings=patterns)
    hidden = Read(render_report(run, blind=True).read_text(encoding="utf-8"))
    assert "1 warning of this run may name devices" in " ".join(" ".join(hidden.texts).split())

"""Docstrings name the thing or the action: the first word is no question word."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
QUESTIONS = set("What Whether How Which Where Who Whose Whom Why".split())


def docstrings(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every docstring, also of those below a constant or a type."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node.lineno, text


def offenders(source: str) -> list[tuple[int, str]]:
    """Line and first line of docstrings that begin with a question word."""
    first_lines = ((line, text.strip().partition("\n")[0]) for line, text in docstrings(source))
    return [(line, text) for line, text in first_lines if set(text.split()[:1]) & QUESTIONS]


def test_no_docstring_begins_with_a_question_word():
    found = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for folder in ("piqa_cli", "docs", "sample_sets", "tests")
        for file in sorted((ROOT / folder).rglob("*.py"))
        for line, text in offenders(file.read_text(encoding="utf-8"))
    ]
    assert found == [], "name the thing or the action, such as `True if ...`:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('"""What it is."""', [1]),
        ('"""Whatever it is."""', []),
        ('def f():\n    """Whether\n    it is."""', [2]),
        ('class A:\n    """A."""\n    a = 1\n    """\n    How it is."""', [4]),
        ('a = "Which"', []),
    ],
)
def test_a_question_word_is_found(source, lines):
    assert [line for line, _ in offenders(source)] == lines

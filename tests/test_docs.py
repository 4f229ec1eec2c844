"""The documentation is tested: what the README says of the program comes from the program."""

import importlib.util
import re
from pathlib import Path

import pytest
import typer

from piqa_cli.cli.main import app
from piqa_cli.compare.columns import COMPARE_TABLES
from piqa_cli.schema import ALL_TABLES

ROOT = Path(__file__).resolve().parent.parent
README, COMMANDS, TABLE_COLUMNS = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "docs/commands.md", "docs/tables.md")
)
LONGEST_README = 350


@pytest.fixture(scope="module")
def refresh():
    spec = importlib.util.spec_from_file_location("refresh", ROOT / "docs" / "refresh.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NUMBER = re.compile(r"[+-]?\d+\.\d+|\d+(?= %)")
LAST_DIGIT = 1.01  # processors differ in the last digits of a score; a percent is a digit too


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        *(f"docs/{name}.md" for name in "commands tables compare settings training_zoo".split()),
    ],
)
def test_generated_parts_are_up_to_date(refresh, name):
    text = (ROOT / name).read_text(encoding="utf-8")
    renewed = refresh.refreshed(text)
    assert NUMBER.sub("#", renewed) == NUMBER.sub("#", text), "run `python docs/refresh.py`"
    for here, there in zip(NUMBER.findall(renewed), NUMBER.findall(text), strict=True):
        digit = 0.01 if "." in there else 1
        assert abs(float(here) - float(there)) <= LAST_DIGIT * digit, "run `python docs/refresh.py`"


def test_the_readme_is_read_in_one_go():
    assert len(README.splitlines()) <= LONGEST_README


def test_every_command_and_table_is_documented(refresh):
    for command in refresh.COMMANDS:
        assert f"<!-- help {command} -->" in COMMANDS
    for table in ALL_TABLES | COMPARE_TABLES:
        assert f"<!-- columns {table} -->" in TABLE_COLUMNS


def test_every_command_of_the_program_is_listed(refresh):
    commands = {
        f"{name} {inner}".strip()
        for name, command in typer.main.get_command(app).commands.items()
        for inner in getattr(command, "commands", {"": None})
    }
    assert set(refresh.COMMANDS) == commands


def test_no_help_loses_words_in_brackets():
    """Words in brackets are markup to the printer of help texts, which drops them."""
    commands = typer.main.get_command(app).commands.values()
    inner = [one for command in commands for one in getattr(command, "commands", {}).values()]
    texts = [command.help for command in (*commands, *inner)]
    assert len(texts) > 20
    assert not [text for text in texts if re.search(r"\[[a-z]", text or "")]


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 5, 6, 130, 143])
def test_every_exit_code_is_documented(code):
    assert re.search(rf"^\| {code} \|", COMMANDS, re.MULTILINE)


def test_every_document_is_in_the_index():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    names = {file.name for file in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert {name for name in names if f"({name})" not in index} == set()


def test_links_in_the_documents_lead_somewhere():
    for document in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / link).exists(), f"{document.name}: {link}"


def test_the_tests_that_security_names_are_there():
    named = re.findall(r"`(tests/[\w/]+\.py)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    assert len(named) >= 10
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_table_column_has_a_meaning():
    for columns in ALL_TABLES.values():
        assert all(column.meaning for column in columns)

"""The options that choose captures are the same in all commands that have them."""

from dataclasses import fields

import pytest
from typer.main import get_command

from piqa_cli.cli.choice import Choice
from piqa_cli.cli.main import app


def options_of(command):
    params = get_command(app).commands[command].params
    return {p.name: (p.opts, p.help, p.envvar, p.default) for p in params}


@pytest.mark.parametrize("command", ["rank", "score"])
def test_all_commands_choose_captures_alike(command):
    names = [field.name for field in fields(Choice)]
    scan, other = options_of("scan"), options_of(command)
    assert {name: other[name] for name in names} == {name: scan[name] for name in names}
    assert [name for name in other if name in names] == names


def test_the_choice_reaches_the_search(piqa, captures):
    result = piqa("scan", captures, "--only", "Bar", "--exclude", "device=Birch", "--json")
    assert result.exit_code == 0, result.output
    assert '"Park"' not in result.stdout
    assert '"Birch"' not in result.stdout

"""Renews what the program itself knows in the documents: help, columns, examples, recipes.

Run `python docs/refresh.py` after a change of options or columns; a test compares. After new
weights, `python docs/refresh.py --self-test` renews the score that `doctor` compares with, too.
"""

from __future__ import annotations

import re
import sys
import tempfile
from functools import cache
from pathlib import Path

from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parent))
from examples import EXAMPLES, run_command

from piqa_cli.cli.main import app
from piqa_cli.compare.columns import COMPARE_TABLES
from piqa_cli.schema import ALL_TABLES
from piqa_cli.score.selftest import renew
from piqa_cli.train.zoo.recipe import TrainRecipe
from piqa_cli.train.zoo.recipes import RECIPES

SELF_TEST_PICTURE = "portraits-mini/studio/kestrin-k2/IMG_0413.jpg"
ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (
    "README.md", "docs/commands.md", "docs/tables.md", "docs/compare.md", "docs/settings.md",
    "docs/training_zoo.md",
)  # fmt: skip
COMMANDS = (
    "rank", "scan", "names", "score", "report", "compare", "evaluate", "history", "models",
    "doctor", "benchmark", "config show", "weights list", "weights import", "weights pull",
    "weights verify", "weights path", "cache info", "cache prune", "runs list", "runs prune",
    "train run", "train judge", "train sheet", "train dn-piqa", "train model",
)  # fmt: skip
HELP_COLUMNS = "88"


def help_block(command: str) -> str:
    """Output of `piqa-cli COMMAND --help`, as a code block."""
    runner = CliRunner(env={"COLUMNS": HELP_COLUMNS, "TERM": "dumb", "NO_COLOR": "1"})
    result = runner.invoke(app, [*command.split(), "--help"], prog_name="piqa-cli")
    lines = [line.rstrip() for line in result.output.strip().splitlines()]
    return "\n".join(("```text", *lines, "```"))


def column_table(table: str) -> str:
    """The columns of a table in Markdown, from the schema."""
    rows = [
        f"| `{column.name}` | {column.type} | {column.unit} | {column.meaning} |"
        for column in (ALL_TABLES | COMPARE_TABLES)[table]
    ]
    return "\n".join(("| column | type | unit | meaning |", "| --- | --- | --- | --- |", *rows))


@cache
def _beside_the_samples() -> tempfile.TemporaryDirectory[str]:
    """A folder with sample_sets and a cache that is empty at first; it goes when Python ends."""
    folder = tempfile.TemporaryDirectory()
    (Path(folder.name) / "sample_sets").symlink_to(ROOT / "sample_sets")
    return folder


def run_block(command: str) -> str:
    """Real output of a command; later commands find the scores of earlier ones."""
    done = run_command(Path(_beside_the_samples().name), command)
    return "\n".join(("```console", f"$ piqa-cli {command}", *done.stdout.splitlines(), "```"))


def example_block(name: str) -> str:
    """Real output of an example with several commands."""
    lines = EXAMPLES[name](Path(_beside_the_samples().name), ROOT / "docs")
    return "\n".join(("```console", *(line.rstrip() for line in lines), "```"))


def recipe_block(part: str) -> str:
    """The recipes of `train model` as a table, or what the papers leave open of them as a list."""
    if part == "open":
        return "\n".join(
            f"- `{name}`: " + "; ".join(f"`{key}` {why}" for key, why in known.left_open.items())
            for name, known in RECIPES.items()
            if known.left_open
        )
    heading = "| model | optimiser | rates: backbone, head | epochs | batch | loss |"
    rows = [
        f"| `{name}` | {known.recipe.optimiser}, decay {known.recipe.weight_decay:g} "
        f"| {_rates(known.recipe)} | {known.recipe.epochs} | {_batch(known.recipe)} "
        f"| {_loss(known.recipe)} |"
        for name, known in RECIPES.items()
    ]
    return "\n".join((heading, "| --- " * 6 + "|", *rows))


def _rates(recipe: TrainRecipe) -> str:
    words = [f"{recipe.backbone_rate:g}, {recipe.head_rate:g}"]
    if recipe.warmup_epochs:
        words.append(f"{recipe.warmup_epochs} epochs of warm-up")
    if recipe.schedule == "step":
        words.append(f"x {recipe.decay:g} every {recipe.decay_epochs} epochs")
    elif recipe.schedule == "cosine":
        words.append(f"cosine{f' of {recipe.cycle_epochs} epochs' * bool(recipe.cycle_epochs)}")
    if recipe.head_boost_epochs:
        words.append(f"equal after {recipe.head_boost_epochs} epochs")
    return "; ".join(words)


def _batch(recipe: TrainRecipe) -> str:
    if recipe.captures > 1:
        return f"{recipe.scenes} scenes of {recipe.captures} captures"
    repeats = f", each {recipe.repeats} times an epoch" if recipe.repeats > 1 else ""
    return f"{recipe.scenes} captures{repeats}"


def _loss(recipe: TrainRecipe) -> str:
    delta = f" ({recipe.huber_delta:g} JOD)" if recipe.quality == "huber" else ""
    words = [f"{recipe.quality}{delta}"]
    if recipe.rank_weight:
        words.append(f"{recipe.rank_weight:g} x ranking of pairs")
    if recipe.scene_weight:
        words.append(f"{recipe.scene_weight:g} x cross-entropy on scenes")
    average = f"; average of weights, {recipe.average:g}" if recipe.average else ""
    return " + ".join(words) + average


MAKERS = {
    "help": help_block,
    "columns": column_table,
    "run": run_block,
    "example": example_block,
    "recipes": recipe_block,
}


def refreshed(text: str) -> str:
    """A document with every `<!-- help|columns|run|example|recipes NAME -->` part made anew."""

    def renew(match: re.Match[str]) -> str:
        kind, name = match["kind"], match["name"]
        body = MAKERS[kind](name)
        return f"<!-- {kind} {name} -->\n\n{body}\n\n<!-- end -->"

    pattern = rf"<!-- (?P<kind>{'|'.join(MAKERS)}) (?P<name>[a-z0-9_/ -]+?) -->\n.*?<!-- end -->"
    return re.sub(pattern, renew, text, flags=re.DOTALL)


if __name__ == "__main__":
    if "--self-test" in sys.argv:
        renew(SELF_TEST_PICTURE)
    for name in DOCUMENTS:
        document = ROOT / name
        document.write_text(refreshed(document.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"renewed: {', '.join(DOCUMENTS)}\n")

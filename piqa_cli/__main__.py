"""Lets `python -m piqa_cli` stand for the console script."""

from __future__ import annotations

from piqa_cli.cli.main import run

if __name__ == "__main__":
    run()

"""Pages in a real Chromium: what they ask for, what they complain of, and what axe finds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Frame, Page, Request, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SERIOUS = ("serious", "critical")


def chromium() -> str:
    """The browser of this machine; without one the test is skipped, and in CI fails."""
    named = os.environ.get("PIQA_TEST_CHROMIUM") or next(
        filter(None, map(shutil.which, _NAMES)), ""
    )
    if named:
        return named
    lack = "no Chromium here: install Debian's chromium, or name one with PIQA_TEST_CHROMIUM"
    if os.environ.get("CI"):
        pytest.fail(f"{lack} (in CI the tests of the pages may not be skipped)")
    pytest.skip(lack)


@contextmanager
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; as root it can't have a sandbox."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        yield opened
        opened.close()


@dataclass
class Visit:
    """A page that is open, with all that it asked for and complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)

    def open(self, file: Path, anchor: str = "") -> Page:
        """Opens a file as a double click would."""
        self.page.goto(file.resolve().as_uri() + anchor)
        return self.page

    def foreign(self) -> list[str]:
        """Requests of the page, files of this machine aside."""
        own = ("file:", "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]


def violations(page: Page | Frame) -> list[str]:
    """Serious and critical findings of axe, a line each: rule, element, problem."""
    if not page.evaluate("() => 'axe' in window"):
        # Not as a <script> element: the page under test shall not change.
        page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations'], preload: false})")
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]} – {node['failureSummary'][:300]}"
        for rule in found["violations"]
        if rule["impact"] in _SERIOUS
        for node in rule["nodes"][:3]
    ]

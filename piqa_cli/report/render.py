"""The report: pages rendered from the tables, run.json and pictures/ alone.

Nothing in it changes from one rendering to the next: no dates, no host, no absolute path.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from piqa_cli.errors import PiqaError
from piqa_cli.records.capture_row import ScoredRow
from piqa_cli.report.agreement.page import agreement_view
from piqa_cli.report.brief.page import brief_view
from piqa_cli.report.captures import capture_lines
from piqa_cli.report.charts.heat_colours import HEAT_LEVELS
from piqa_cli.report.device.page import device_views
from piqa_cli.report.escaping import json_block, printable, unbroken
from piqa_cli.report.home.page import index_view
from piqa_cli.report.home.panel import panel_view
from piqa_cli.report.large import (
    CAPTURES_SHOWN,
    NONE_WANTED,
    Wanted,
    is_large,
    later_pages,
    pages_now,
)
from piqa_cli.report.links import Links, PageLinks, root_of, template_functions
from piqa_cli.report.output.blind.letters import write_key
from piqa_cli.report.output.blind.load import load_shown
from piqa_cli.report.output.reveal import write_reveal
from piqa_cli.report.pairs.page import pairs_view
from piqa_cli.report.scene.page import scene_views
from piqa_cli.report.site import Site, open_site
from piqa_cli.report.text import counted, shortened
from piqa_cli.report.tiles import crops_of, difference_of
from piqa_cli.resources import resource_dir
from piqa_cli.runs.capture_rows import tally
from piqa_cli.runs.crops import CROP_KINDS
from piqa_cli.runs.folder import PART_OF, PICTURES, REPORT, pictures_of
from piqa_cli.runs.pictures import PictureKind, PictureSource
from piqa_cli.runs.table_set import Run
from piqa_cli.settings import Pictures

ASSETS = (
    *("style.css", "script.js", "home/home.css", "home/home.js", "scene/viewer.css"),
    *(f"scene/viewer{part}.js" for part in ("", "_choice", "_geometry", "_gestures", "_keys")),
    *(
        f"scene/viewer_{part}.js"
        for part in ("panes", "slider", "pixels", "finder", "differs", "regions", "save")
    ),
    *("device/device.css", "pairs/pairs_draw.js", "pairs/pairs.js", "scene/exif.js"),
    "scene/notes.js",
)
"""Styles and scripts by their place in `templates/`; `assets/` of a report is flat."""
ASSETS_OF_SEVERAL_MODELS = ("agreement/agreement.css",)
"""Those that a report needs besides where several models scored."""
BRIEF = "brief.html"
"""The brief within `report/`."""
_ASSETS_OF_HIDDEN = ("output/reveal.js",)

# Links of the bar over every page: value of the page's `here`, text, target.
_SITE = (
    ("home", "Ranking", "index.html"),
    ("devices", "Devices", "index.html#devices"),
    ("scenes", "Scenes", "index.html#scenes"),
    ("pairs", "Pairs", "pairs.html"),
    ("captures", "Captures", "captures.html"),
)
_AGREEMENT = "agreement.html"
_PANEL_SITE = (("home", "Scenes", "index.html"), ("captures", "Captures", "captures.html"))
# Settings about the machine and its folders: they are no part of the result.
_UNSHOWN_SETTINGS = frozenset(
    "out title find.root find.manifest given.file csv gates acknowledge "
    "expect.devices expect.scenes expect.takes expect.base expect.file "
    "pictures crops_mb "
    "score.compute score.workers score.timeout_s score.use_cache score.fresh".split()
)


def render_report(
    run_folder: Path,
    *,
    blind: bool = False,
    hide_scores: bool = False,
    pictures: Pictures = "full",
    portable: bool = False,
    brief: bool = False,
    wanted: Wanted = NONE_WANTED,
) -> Path:
    """Writes `report/` of a run anew, whole or not at all.

    Args:
        run_folder: what `rank` wrote.
        blind: name the devices A, B, C ... on all pages, and write who is who beside `report/`.
        hide_scores: blind pages show no rank and no score; a file beside `report/` holds them.
        pictures: which the pages show, of those that the run has.
        portable: put the pictures into `report/` too, and link nothing outside it.
        brief: add the brief, one A4 page.
        wanted: pages of scenes and devices of a large run; other runs have all.

    Returns:
        The first page.

    Raises:
        PiqaError: the folder is no run, its tables don't match run.json, or it can't be written.
    """
    run, key = load_shown(run_folder, blind=blind, hide_scores=hide_scores)
    source = picture_source(run, pictures, portable=portable)
    pages = report_files(run, source, brief=brief, wanted=wanted)
    copies = {}
    if portable:
        folder = pictures_of(run.folder, run.info)
        copies = {f"{PICTURES}/{name}": folder / name for name in shown_pictures(run, source)}
    try:
        write_key(run_folder, key)
        if run.info.get("scores_hidden"):
            write_reveal(run_folder)
        replace_folder(run_folder / REPORT, pages, copies)
    except OSError as error:
        reason = error.strerror or error
        raise PiqaError(f"can't write the report in {run_folder} ({reason})") from error
    return run_folder / REPORT / "index.html"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a report before it is rendered.

    Attributes:
        path: within `report/`.
        template: in `templates/`.
        title: of the browser's window, without the program's name.
        content: variables of its template alone.
    """

    path: str
    template: str
    title: str
    content: Mapping[str, Any]


def report_files(
    run: Run, pictures: PictureSource, *, brief: bool = False, wanted: Wanted = NONE_WANTED
) -> dict[str, str]:
    """Every file of the report but pictures, by its path within `report/`.

    Args:
        run: the run that the pages show.
        pictures: which they show, and where; see `picture_source`.
        brief: add the brief.
        wanted: pages of scenes and devices of a large run.

    Raises:
        PiqaError: the run has no scene or device that is wanted.
    """
    site = open_site(run)
    render = page_renderer(site, pictures)
    files = {
        page.path: render(
            page, PageLinks(root_of(page.path), pictures.place, portable=pictures.portable)
        )
        for page in chain(
            report_pages(site, pictures, wanted), _brief(site, pictures) if brief else ()
        )
    }
    more = ("brief/brief.css",) if brief else ()
    return files | dict(asset_files((*assets_of(run), *more)))


def _brief(site: Site, pictures: PictureSource) -> Iterator[Page]:
    view = brief_view(site, pictures)
    yield Page(BRIEF, "brief/page.html.j2", view.verdict.headline, {"view": view})


def assets_of(run: Run) -> tuple[str, ...]:
    """Styles and scripts that the pages of a run need."""
    several = ASSETS_OF_SEVERAL_MODELS if run.tables.agreement else ()
    return (*ASSETS, *several, *(_ASSETS_OF_HIDDEN if run.info.get("scores_hidden") else ()))


def picture_source(
    run: Run, pictures: Pictures, *, portable: bool = False, crops: bool = True
) -> PictureSource:
    """The pictures that pages of a run show, of those that are asked for."""
    made = run.info["settings"].get("pictures", "full")
    shown = "none" if made == "none" or run.source.scored_by != "model" else pictures
    folder = pictures_of(run.folder, run.info)
    found = PictureSource.in_folder(folder, shown, crops=crops)
    if run.info.get("scores_hidden") and crops:
        if not _all_cropped(run, found):
            found = PictureSource.in_folder(folder, shown, crops=False)
        found = replace(found, differences={})  # they would tell which capture is the best
    above = "" if run.info.get("part_of") is None else f"{PART_OF}/"
    return replace(found, portable=portable, above=above)


def _all_cropped(run: Run, pictures: PictureSource) -> bool:
    """True if every capture has its crops; where few have them, these are the best and worst."""
    rows = [row for row in run.tables.captures if isinstance(row, ScoredRow)]
    return all(len(crops_of(row, pictures)) == len(CROP_KINDS) for row in rows)


def shown_pictures(run: Run, pictures: PictureSource) -> frozenset[str]:
    """File names of all pictures that the pages show or open."""
    rows = [row for row in run.tables.captures if isinstance(row, ScoredRow)]
    kinds: tuple[PictureKind, ...] = ("320", "full")
    names = {pictures.of(row.sha256, kind) for row in rows for kind in kinds}
    names |= {pictures.face_of(row) for row in rows}
    names |= {name for row in rows for name in crops_of(row, pictures).values()}
    for row in rows:
        if (shown := difference_of(row, pictures)) is not None:
            names |= {shown.own, shown.other}
    return frozenset(name for name in names if name is not None)


def report_pages(
    site: Site, pictures: PictureSource, wanted: Wanted = NONE_WANTED
) -> Iterator[Page]:
    """All pages of the report, the first page first; of a large run those that are wanted.

    Raises:
        PiqaError: the run has no scene or device that is wanted.
    """
    if site.hides_scores:
        yield from _panel_pages(site, pictures, wanted)
        return
    now = pages_now(site, wanted)
    home = index_view(site, pictures)
    yield Page("index.html", "home/page.html.j2", home.verdict.headline, {"view": home})
    yield from _pages_of_captures(site, pictures, now)
    for device in device_views(site, pictures, of=now):
        who = device.competitor
        yield Page(who.href, "device/page.html.j2", who.label, {"view": device})
    yield from _pages_to_make(site, now)
    yield Page("pairs.html", "pairs/page.html.j2", "Pairs", {"view": pairs_view(site)})
    if (several := agreement_view(site)) is not None:
        yield Page(_AGREEMENT, "agreement/page.html.j2", several.headline, {"view": several})


def _panel_pages(site: Site, pictures: PictureSource, wanted: Wanted) -> Iterator[Page]:
    """The pages of a run without scores: those that show captures."""
    now = pages_now(site, wanted)
    panel = panel_view(site, pictures)
    yield Page("index.html", "home/panel.html.j2", panel.headline, {"view": panel})
    yield from _pages_of_captures(site, pictures, now)
    yield from _pages_to_make(site, now)


def _pages_of_captures(site: Site, pictures: PictureSource, now: Container[str]) -> Iterator[Page]:
    """The page of all captures, and those of the scenes that are made now."""
    shown = CAPTURES_SHOWN if is_large(site) else None
    lines = {
        "lines": capture_lines(site, pictures, at_most=shown),
        "n_files": len(site.run.tables.captures),
    }
    yield Page("captures.html", "captures.html.j2", "Captures", lines)
    for scene in scene_views(site, pictures, of=now):
        yield Page(scene.scene.href, "scene/page.html.j2", scene.scene.title, {"view": scene})


def _pages_to_make(site: Site, now: Container[str]) -> Iterator[Page]:
    """In place of all other pages of a large run: the commands that make them."""
    for href, here, later in later_pages(site, now):
        yield Page(href, "later.html.j2", later.title, {"view": later, "here": here})


def page_renderer(
    site: Site, pictures: PictureSource, *, single_file: bool = False
) -> Callable[[Page, Links], str]:
    """Function that renders pages of a run with the links that it is given.

    Args:
        site: whose pages.
        pictures: which they show.
        single_file: as chapters of one document, without head, styles and scripts.
    """
    environment = page_environment(resource_dir("templates"))
    shared = _shared(site) | {
        "bare": pictures.bare,
        "place": pictures.place,
        "portable": pictures.portable,
        "single_file": single_file,
    }

    def render(page: Page, links: Links) -> str:
        return environment.get_template(page.template).render(
            **shared,
            **template_functions(links),
            **page.content,
            path=page.path,
            root=root_of(page.path),
            title=page.title,
        )

    return render


def asset_files(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Styles and scripts of `templates/` with their places beside the pages: `assets/NAME`."""
    templates = resource_dir("templates")
    for name in names:
        file = templates / name
        yield f"assets/{file.name}", file.read_text(encoding="utf-8")


@cache
def page_environment(templates: Path) -> Environment:
    """Jinja that escapes everything and refuses names that nobody defined; one for all runs.

    Links are those of a file in `report/` itself, where a page brings no others.
    """
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=printable,
    )
    environment.filters |= {
        "counted": counted,
        "shortened": shortened,
        "json_block": json_block,
        "unbroken": unbroken,
    }
    environment.globals |= {"single_file": False, **template_functions(PageLinks())}
    return environment


def _shared(site: Site) -> dict[str, Any]:
    """Values that the templates of all pages can use."""
    info = site.run.info
    decoders = tally(site.run.tables.captures, "status", "decoder")
    several: tuple[str, ...] = ()
    if site.run.tables.agreement:
        names = [facts["name"] for facts in info.get("further_models", ())]
        several = (site.run.source.name, *names)
    return {
        "site": _bar(site),
        "run_title": site.title,
        "captured": site.captured,
        "models": several,
        "part_of": info.get("part_of") is not None and not info.get("blind"),
        "blind": info.get("blind"),
        "hidden": site.hides_scores,
        "run_mark": info.get("blind") or str(info["files"]["captures.parquet"])[:12],
        "model": site.run.source,
        "weights_sha256": site.run.recipe.weights_sha256,
        "preprocessing": site.run.recipe.preprocessing,
        "counts": info["counts"],
        "settings": _flat(info["settings"]),
        "scored_by": site.scored_by,
        "given": site.given,
        "unit": site.unit,
        "unit_meaning": site.unit_meaning,
        "tie_jod": site.tie_jod,
        "scenes": tuple(site.scenes.values()),
        "n_devices": len(site.competitors),
        "decoders": sorted(name for status, name in decoders if status == "ok" and name),
        "heat_levels": range(-HEAT_LEVELS, HEAT_LEVELS + 1),
    }


def _bar(site: Site) -> tuple[tuple[str, str, str], ...]:
    """Links of the bar."""
    if site.hides_scores:
        return _PANEL_SITE
    return (*_SITE, ("agreement", "Models", _AGREEMENT)) if site.run.tables.agreement else _SITE


def _flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Settings as `group.name` -> text, what is none or not to be shown aside."""
    flat: dict[str, str] = {}
    for name, value in settings.items():
        key = prefix + name
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{key}.")
        elif key not in _UNSHOWN_SETTINGS and value not in (None, [], ()):
            flat[key] = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return flat


def replace_folder(
    folder: Path, files: Mapping[str, str], copies: Mapping[str, Path] | None = None
) -> None:
    """Puts a folder with these files in the place of the old one, once it is complete.

    Args:
        folder: the folder.
        files: texts, by their path within it.
        copies: files to copy, by their path within it.
    """
    mark = secrets.token_hex(4)
    new, old = (folder.with_name(f".{folder.name}-{mark}-{state}") for state in ("new", "old"))
    try:
        for name, text in files.items():
            file = new / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        for name, original in (copies or {}).items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(original, new / name)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    except BaseException:
        if old.exists() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(new, ignore_errors=True)
        raise
    shutil.rmtree(old, ignore_errors=True)

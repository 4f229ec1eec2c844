"""`piqa-cli report`: pages again, as a folder or one file, and figures, from the tables alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from piqa_cli.cli import options
from piqa_cli.cli.ending import print_trouble
from piqa_cli.cli.terminal import say
from piqa_cli.errors import UsageError
from piqa_cli.settings import DEFAULT_MAX_MB, FigureFormat, PdfKind, Pictures

_PAGES_SHOWN = 5
# By this line of templates/later.html.j2 a page is known that isn't made yet.
_LATER = b'<p class="kicker">Not made yet</p>'


def report(
    context: typer.Context,
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder that `rank` wrote.")] = Path(
        "piqa-run"
    ),
    blind: Annotated[
        bool,
        typer.Option(
            "--blind",
            help="Name the devices A, B, C ... on all pages; RUN/blind-key.csv lists their names.",
        ),
    ] = False,
    hide_scores: Annotated[
        bool,
        typer.Option(
            "--hide-scores",
            help="With --blind: neither ranks nor scores on any page, devices by letter; "
            "RUN/blind-key.json shows them when it is opened in a page.",
        ),
    ] = False,
    pictures: Annotated[
        Pictures,
        typer.Option(help="Pictures on the pages: none, thumbnails, or all that the run has."),
    ] = "full",
    single_file: Annotated[
        bool,
        typer.Option(
            "--single-file", help="Write RUN/report.html, pictures inside, instead of RUN/report/."
        ),
    ] = False,
    portable: Annotated[
        bool,
        typer.Option(
            "--portable",
            help="Copy the pictures into RUN/report/, so that this folder alone can be passed on.",
        ),
    ] = False,
    max_mb: Annotated[
        float,
        typer.Option(
            min=0.1,
            metavar="MB",
            help="Largest size of the single file; pictures that don't fit become thumbnails.",
        ),
    ] = DEFAULT_MAX_MB,
    brief: Annotated[
        bool,
        typer.Option(
            "--brief",
            help="Also write RUN/report/brief.html: the result on one A4 page.",
        ),
    ] = False,
    pdf: Annotated[
        PdfKind | None,
        typer.Option(
            help="Print the brief to RUN/brief.pdf, or all pages to RUN/report.pdf "
            "(needs Chromium or Chrome: on PATH, or named by PIQA_CHROMIUM)."
        ),
    ] = None,
    scene: Annotated[
        list[str] | None,
        typer.Option(
            "--scene",
            metavar="NAME",
            help="Of a run of more than 50,000 captures, whose pages aren't all made at once: make "
            "the page of this scene.",
        ),
    ] = None,
    device: Annotated[
        list[str] | None,
        typer.Option("--device", metavar="NAME", help="The same for a device."),
    ] = None,
    all_pages: Annotated[
        bool,
        typer.Option("--all-pages", help="The same for all scenes and devices; takes minutes."),
    ] = False,
    figures: Annotated[
        FigureFormat | None,
        typer.Option(
            help="Also draw ranking, heat map and scenes into RUN/figures/ (needs matplotlib)."
        ),
    ] = None,
    quiet: options.Quiet = False,
) -> None:
    """Write the report of a run again, without scoring."""
    if options.typed(context, "max_mb") and not single_file:
        raise UsageError("--max-mb limits the size of --single-file: ask for that, too")
    if portable and single_file:
        raise UsageError("--single-file holds its pictures already: leave out --portable")
    if hide_scores:
        _refuse_ranks(blind=blind, brief=brief, pdf=pdf, figures=figures, by_device=bool(device))
    from piqa_cli.report.large import NONE_WANTED, Wanted
    from piqa_cli.report.output.blind.letters import KEY_FILE
    from piqa_cli.report.output.blind.older_views import remove_named_views
    from piqa_cli.report.output.reveal import REVEAL_FILE
    from piqa_cli.report.render import BRIEF, render_report
    from piqa_cli.runs.folder import runs_of_models
    from piqa_cli.runs.lock import hold
    from piqa_cli.runs.notes import read_notes
    from piqa_cli.runs.table_set import settle

    lines: list[str] = []
    wanted = Wanted(tuple(scene or ()), tuple(device or ()), all_pages)
    browser = ""
    if pdf is not None:
        from piqa_cli.report.output.pdf import find_chromium

        browser = find_chromium()  # before anything is written
        brief, single_file = brief or pdf == "brief", single_file or pdf == "full"
    with hold(run):
        settle(run)
        if trouble := read_notes(run).warning:
            print_trouble(trouble)
        if figures is not None:
            from piqa_cli.report.output.figures import draw_figures

            drawn = draw_figures(run, figures, blind=blind)
            lines.append(f"figures {drawn[0].parent} ({len(drawn)} {figures} files)")
        if single_file:
            from piqa_cli.report.output.single_file import render_single_file

            one = render_single_file(
                run,
                blind=blind,
                hide_scores=hide_scores,
                pictures=pictures,
                max_mb=max_mb,
                wanted=wanted,
            )
            lines.insert(0, f"report  {one.path} ({one.bytes / 1e6:.1f} MB)")
            if one.shortfall:
                print_trouble(f"{one.shortfall}; --max-mb allows more")
        if (
            blind or brief or not single_file
        ):  # pages that name the devices don't stay beside blind ones
            page = render_report(
                run,
                blind=blind,
                hide_scores=hide_scores,
                pictures=pictures,
                portable=portable,
                brief=brief,
                wanted=wanted,
            )
            lines.insert(0, f"report  {page}")
            if wanted != NONE_WANTED:
                lines += _page_lines(page.parent)
            if not blind:
                for part in runs_of_models(run):
                    beside = render_report(part, pictures=pictures, wanted=wanted)
                    lines.append(f"beside  {beside}")
            if brief:
                lines.insert(1, f"brief   {page.with_name(BRIEF)}")
        if pdf is not None:
            lines.append(f"pdf     {_print(run, pdf, browser)}")
        if blind:
            shown = "showed scores or named the devices" if hide_scores else "named the devices"
            for name in remove_named_views(
                run,
                single_file=single_file,
                figures=bool(figures),
                pdf=pdf,
                hide_scores=hide_scores,
            ):
                print_trouble(f"removed {run / name}, which {shown}")
    keys = [KEY_FILE, REVEAL_FILE] if hide_scores else [KEY_FILE] if blind else []
    if not quiet:
        for line in (*lines, *(f"key     {run / name}" for name in keys)):
            say(line)


def _page_lines(folder: Path) -> list[str]:
    """Lines on the pages of scenes and devices that were made, the first ones by name."""
    kinds = ("scenes/*.html", "device-*.html")
    pages = [page for kind in kinds for page in sorted(folder.glob(kind))]
    made = [page for page in pages if _LATER not in page.read_bytes()]
    more = len(made) - _PAGES_SHOWN
    lines = [f"page    {page}" for page in made[:_PAGES_SHOWN]]
    return [*lines, f"        and {more:,} more"] if more > 0 else lines


def _refuse_ranks(
    *,
    blind: bool,
    brief: bool,
    pdf: PdfKind | None,
    figures: FigureFormat | None,
    by_device: bool,
) -> None:
    """Refuses `--hide-scores` where pages have names, or show nothing but ranks.

    Raises:
        UsageError: for such a combination.
    """
    if not blind:
        raise UsageError("--hide-scores goes with --blind: a panel must not know the names either")
    asked = {
        "--brief": brief,
        "--pdf brief": pdf == "brief",
        "--figures": figures is not None,
        "--device": by_device,
    }
    for option, given in asked.items():
        if given:
            raise UsageError(f"{option} shows the ranking, which --hide-scores hides: leave it out")


def _print(run: Path, kind: PdfKind, browser: str) -> Path:
    """Prints the brief or the one-file report, which are there."""
    from piqa_cli.report.output.pdf import print_pdf
    from piqa_cli.report.render import BRIEF
    from piqa_cli.runs.folder import PDFS, REPORT, SINGLE_FILE

    target = run / PDFS[kind]
    if kind == "brief":
        print_pdf(run / REPORT / BRIEF, target, browser=browser)
    else:
        print_pdf(run / SINGLE_FILE, target, browser=browser, place="print-all")
    return target

"""Links of pages that are files beside each other."""

import doctest

from piqa_cli.report import links
from piqa_cli.report.links import PageLinks


def test_a_page_in_a_folder_leads_out_of_it():
    page = PageLinks("../")
    assert page.link("index.html#scenes") == ' href="../index.html#scenes"'
    assert page.link("#main") == ' href="#main"'
    assert page.link("../run.json") == ' href="../../run.json"'
    assert page.opens("a-full.webp") == ' href="../../pictures/a-full.webp"'
    assert page.shows("a-320.webp") == ' src="../../pictures/a-320.webp"'
    assert page.own("main") == "main"


def test_nothing_leads_out_of_a_portable_report():
    page = PageLinks("../", "pictures/", portable=True)
    assert page.link("../run.json") == ""
    assert page.link("index.html") == ' href="../index.html"'
    assert page.shows("a-320.webp") == ' src="../pictures/a-320.webp"'


def test_what_is_hostile_is_escaped():
    assert PageLinks().link('"><script>') == ' href="&#34;&gt;&lt;script&gt;"'


def test_examples():
    result = doctest.testmod(links)
    assert (result.failed, result.attempted) == (0, 2)

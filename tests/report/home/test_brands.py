"""Brands are read from names as people write them: CamelCase, blanks, dashes, digits."""

from __future__ import annotations

import pytest

from piqa_cli.report.home.brands import brand_choices, brands, brands_of_names
from piqa_cli.report.output.blind.load import blinded
from piqa_cli.report.site import open_site
from tests.report.ranked import ranked_site


@pytest.mark.parametrize(
    ("names", "brand"),
    [
        (("SamsungGalaxyA03", "Samsung S10+", "Samsung A52 5G"), "Samsung"),
        (("OnePlus9", "OnePlusNord2"), "OnePlus"),
        (("RealMeGT2Pro", "Realme 5 Pro", "Realme8Pro"), "Realme"),
        (("pixel-8", "pixel_9", "Pixel 7a"), "pixel"),
        (("XiaomipocoX3", "Xiaomi11T", "Xiaomi12"), "Xiaomi"),
        (("TCL20Pro", "TCL306"), "TCL"),
    ],
)
def test_what_names_share_up_to_a_word_is_the_brand(names, brand):
    assert set(brands_of_names(names).values()) == {brand}


def test_a_name_alone_is_a_brand_by_its_first_word():
    assert brands_of_names(["LeicaLeitzPhone1", "Nokia8.3"]) == {
        "LeicaLeitzPhone1": "Leica",
        "Nokia8.3": "Nokia",
    }


def test_names_without_any_letter_stay_whole():
    assert brands_of_names(["---", "12"]) == {"---": "---", "12": "12"}


def test_letters_of_a_blind_report_are_no_brands(tmp_path):
    scores = {"Hall": {f"{brand} {n}": (float(n),) for brand in ("Asti", "Zon") for n in range(20)}}
    named = ranked_site(tmp_path / "run", scores=scores, conditions={"Hall": "Indoor"})
    blind = open_site(blinded(named.run)[0])
    assert brand_choices(named, brands_of_devices(named)) == (("Asti", 20), ("Zon", 20))
    assert brand_choices(blind, brands(blind)) == ()


def brands_of_devices(site):
    """Brands by names alone: the samples' EXIF has one maker for all."""
    return {key: key.device.split()[0] for key in site.competitors}

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from piqa_cli.face.boxes import area, clamp, round_box, scale, to_original, to_working
from piqa_cli.records import Box, Exif, PhotoFacts


def facts(original, working):
    return PhotoFacts("0" * 64, 1, "jpeg", "", *original, *working, 8, None, False, Exif())


def test_clamp_keeps_the_part_inside():
    assert clamp(Box(-5, 10, 120, 90), 100, 80) == Box(0, 10, 100, 80)
    assert area(clamp(Box(110, 10, 120, 20), 100, 80)) == 0


def test_round_takes_halves_upwards():
    assert round_box(Box(-0.5, 0.5, 1.5, 2.49)) == Box(0, 1, 2, 2)


def test_scale_is_for_each_axis():
    assert scale(Box(1, 2, 3, 4), 2, 10) == Box(2, 20, 6, 40)


def test_a_given_box_of_a_12_mp_original_in_working_pixels():
    shown = facts((4032, 3024), (1800, 1350))
    assert to_working(Box(1008, 756, 2016, 1512), shown) == (450.0, 337.5, 900.0, 675.0)
    assert to_original(Box(450, 337.5, 900, 675), shown) == Box(1008, 756, 2016, 1512)


def test_untouched_pictures_keep_their_boxes_exactly():
    shown = facts((1001, 777), (1001, 777))
    assert to_working(Box(1 / 3, 2, 3, 4.7), shown) == (1 / 3, 2, 3, 4.7)


@given(st.integers(1351, 20_000), st.integers(0, 8000), st.data())
def test_scaling_back_gives_the_same_whole_pixels(short, more, data):
    long = short + more
    shown = facts((long, short), (long * 1350 // short, 1350))
    across, down = st.integers(0, shown.working_width_px), st.integers(0, 1350)
    box = Box(*(data.draw(edge) for edge in (across, down, across, down)))
    assert Box(*to_working(to_original(box, shown), shown)) == box

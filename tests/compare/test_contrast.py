"""Differences of one scene, by hand."""

import pytest

from tests.compare.conftest import broken, photo

T1, T2, T3 = 12.7062047, 4.3026527, 3.1824463  # two-sided 95 % quantiles of Student's t


def only(found):
    (row,) = found.scenes
    return row


def take(n, score, **more):
    return photo("Bar", "A", score, f"{n}.jpg", take=str(n), **more)


def test_takes_are_paired(compared):
    # Differences of the takes: 1.0, 0.4, 0.7; mean 0.7, SD 0.3, so 0.7 -+ T2 * 0.3 / sqrt 3.
    base = [take(1, 1.0), take(2, 3.0), take(3, 2.0)]
    new = [take(1, 2.0), take(2, 3.4), take(3, 2.7)]
    row = only(compared(base, new))
    assert (row.method, row.n_pairs, row.verdict) == ("paired", 3, "unclear")
    assert row.difference == pytest.approx(0.7)
    assert row.ci_low == pytest.approx(0.7 - T2 * 0.3 / 3**0.5)
    assert row.ci_high == pytest.approx(0.7 + T2 * 0.3 / 3**0.5)
    assert (row.base_score, row.score) == (pytest.approx(2.0), pytest.approx(2.7))


def test_the_noise_of_pairs_is_pooled_over_scenes(compared):
    # Bar: 0.2, 0.4 (squares .02); Park: -1.0, -0.6 (squares .08): SD sqrt(.10 / 2), df 2.
    scenes = {"Bar": ((1.0, 1.2), (2.0, 2.4)), "Park": ((5.0, 4.0), (5.0, 4.4))}
    sides = [
        [photo(s, "A", pair[i], f"{n}.jpg", take=str(n), shot=(s, n, i))
         for s, pairs in scenes.items() for n, pair in enumerate(pairs)]
        for i in (0, 1)
    ]  # fmt: skip
    bar, park = compared(*sides).scenes
    half = T2 * 0.05**0.5 / 2**0.5
    assert (bar.difference, park.difference) == (pytest.approx(0.3), pytest.approx(-0.8))
    assert (bar.ci_low, bar.ci_high) == (pytest.approx(0.3 - half), pytest.approx(0.3 + half))
    assert (bar.verdict, park.verdict) == ("unclear", "worse")
    assert park.ci_high == pytest.approx(-0.8 + half)


def test_without_takes_means_are_compared(compared):
    # Take noise: BASE 1.0, 1.4 (squares .08), NEW 2.0, 2.2 (squares .02): SD sqrt(.10 / 2), df 2.
    base = [photo("Bar", "A", 1.0, "1.jpg"), photo("Bar", "A", 1.4, "2.jpg")]
    new = [photo("Bar", "A", 2.0, "1.jpg"), photo("Bar", "A", 2.2, "2.jpg")]
    row = only(compared(base, new))
    half = T2 * 0.05**0.5  # times sqrt(1/2 + 1/2)
    assert (row.method, row.n_pairs, row.verdict) == ("unpaired", 0, "unclear")
    assert (row.difference, row.ci_low) == (pytest.approx(0.9), pytest.approx(0.9 - half))


def test_one_shared_take_is_no_pair(compared):
    row = only(compared([take(1, 1.0), take(2, 1.4)], [take(2, 2.0), take(3, 2.2)]))
    assert (row.method, row.difference) == ("unpaired", pytest.approx(0.9))


def test_single_captures_have_no_interval(compared):
    row = only(compared([photo("Bar", "A", 1.0)], [photo("Bar", "A", 0.4)]))
    assert (row.difference, row.ci_low, row.verdict) == (pytest.approx(-0.6), None, "unknown")
    assert row.note == "no interval: no device has two captures of a scene"


def test_the_same_files_differ_by_exactly_0(compared):
    shots = [take(1, 0.1, shot="x"), take(2, 0.3, shot="y")]
    row = only(compared(shots, shots))
    assert (row.difference, row.ci_low, row.ci_high) == (0.0, 0.0, 0.0)
    assert (row.method, row.verdict) == ("unchanged", "unchanged")


def test_a_file_that_was_scored_otherwise_is_no_change(compared):
    found = compared([photo("Bar", "A", 1.0, shot="x")], [photo("Bar", "A", 1.2, shot="x")])
    assert (only(found).difference, only(found).verdict) == (0.0, "unchanged")
    assert found.notes == (
        "1 unchanged file scored differently in the two runs (by up to 0.2: another face box, "
        "decoder or processor); they count as 0",
    )


def test_a_shared_file_cancels_and_says_nothing_of_noise(compared):
    # x is in both runs: 1/2 (c - b) is left, and its variance is that of two takes over 4.
    base = [photo("Bar", "A", 7.0, "x.jpg", shot="x"), photo("Bar", "A", 1.0, "b.jpg")]
    new = [photo("Bar", "A", 7.0, "x.jpg", shot="x"), photo("Bar", "A", 2.0, "c.jpg")]
    more = [photo("Hall", "A", score, f"{score}.jpg") for score in (1.0, 1.6)]  # squares .18
    found = compared([*base, *more], [*new, *more])
    row = found.scenes[0]
    # Squares of takes: 7 and 1 (18) of BASE, 1.0 and 1.6 (.18) once; c alone tells nothing: df 2.
    assert found.noise.take_df == 2
    assert found.noise.take_sd == pytest.approx((18.18 / 2) ** 0.5)
    assert row.difference == pytest.approx(0.5)
    assert row.ci_high - row.difference == pytest.approx(T2 * (9.09 * 0.5) ** 0.5)


def test_a_capture_that_went_is_no_change_of_a_camera(compared):
    base = [photo("Bar", "A", 1.0, "x.jpg", shot="x"), photo("Bar", "A", 2.0, "y.jpg", shot="y")]
    row = only(compared(base, base[:1]))
    assert (row.method, row.difference, row.base_score) == ("unchanged", 0.0, 1.0)


def test_pairs_of_equal_files_do_not_make_the_noise_small(compared):
    base = [take(1, 1.0, shot="x"), take(2, 2.0, shot="y"), take(3, 2.0)]
    new = [take(1, 1.0, shot="x"), take(2, 2.0, shot="y"), take(3, 2.6)]
    found = compared(base, new)
    row = only(found)
    # One pair of three changed; its noise is that of takes: 1, 2, 2 of BASE, squares 2/3, df 2.
    assert found.noise.pair_df == 0
    assert row.difference == pytest.approx(0.2)
    half = T2 * (1 / 3) ** 0.5 * (2 * 1 / 9) ** 0.5
    assert row.ci_high - row.difference == pytest.approx(half)


def test_failed_captures_leave_no_difference(compared):
    base = [photo("Bar", "A", 1.0), photo("Park", "A", 1.0)]
    row = compared(base, [broken("Bar", "A"), photo("Park", "A", 1.0)]).scenes[0]
    assert (row.difference, row.verdict) == (None, "unknown")
    assert row.note == "none scored in NEW (1 capture failed)"


def test_exif_is_summed_up(compared):
    values = (50.0, 100.0, 400.0)
    base = [photo("Bar", "A", iso, f"{iso}.jpg", iso=iso, software="1") for iso in values]
    new = [photo("Bar", "A", 1.5, f"{i}.jpg", iso=200.0, software=s) for i, s in enumerate("23")]
    exif = only(compared(base, new)).exif
    assert (exif["iso"].base, exif["iso"].new) == (100.0, 200.0)
    assert (exif["software"].base, exif["software"].new) == ("1", "2 · 3")
    assert exif["ev100"].base is None

"""Captures of BASE are paired with those of NEW."""

from dataclasses import replace

from tests.compare.conftest import broken, photo
from tests.runs.samples import facts_of


def fates(found):
    return [(c.base_path, c.path, c.change) for c in found.captures]


def test_by_path(compared):
    base = [photo("Bar", "A", 1.0, "1.jpg"), photo("Bar", "A", 1.0, "2.jpg", shot="x")]
    new = [photo("Bar", "A", 2.0, "1.jpg"), photo("Bar", "A", 1.0, "2.jpg", shot="x")]
    new += [photo("Bar", "A", 3.0, "3.jpg")]
    found = compared(base, new)
    assert fates(found) == [
        ("Bar/A/1.jpg", "Bar/A/1.jpg", "changed"),
        ("Bar/A/2.jpg", "Bar/A/2.jpg", "unchanged"),
        (None, "Bar/A/3.jpg", "added"),
    ]
    assert [capture.difference for capture in found.captures] == [1.0, 0.0, None]


def test_by_file_name_where_the_firmware_stands_in_the_path(compared):
    base = [photo("Bar", "A", 1.0, "1.jpg", folder="A/1.0/Bar", firmware="1.0")]
    new = [photo("Bar", "A", 2.0, "1.JPG", folder="A/1.1/Bar", firmware="1.1")]
    assert fates(compared(base, new)) == [("A/1.0/Bar/1.jpg", "A/1.1/Bar/1.JPG", "changed")]


def test_a_file_that_moved_is_unchanged(compared):
    base = [photo("Bar", "A", 1.0, "1.jpg", shot="x"), photo("Bar", "A", 2.0, "2.jpg")]
    new = [photo("Bar", "A", 1.0, "9.jpg", shot="x")]
    assert fates(compared(base, new)) == [
        ("Bar/A/2.jpg", None, "removed"),
        ("Bar/A/1.jpg", "Bar/A/9.jpg", "unchanged"),
    ]


def test_by_take_before_the_path(compared):
    base = [photo("Bar", "A", 1.0, "a.jpg", take="1"), photo("Bar", "A", 2.0, "b.jpg", take="2")]
    new = [photo("Bar", "A", 3.0, "b.jpg", take="1"), photo("Bar", "A", 4.0, "c.jpg", take="2")]
    assert fates(compared(base, new)) == [
        ("Bar/A/a.jpg", "Bar/A/b.jpg", "changed"),
        ("Bar/A/b.jpg", "Bar/A/c.jpg", "changed"),
    ]


def test_names_that_repeat_are_not_guessed(compared):
    base = [photo("Bar", "A", s, "1.jpg", folder=f"Bar/A/{s}") for s in (1.0, 2.0)]
    new = [photo("Bar", "A", s, "1.jpg", folder=f"Bar/A/{s}") for s in (3.0, 4.0)]
    assert [change for _, _, change in fates(compared(base, new))] == [
        "removed", "removed", "added", "added",
    ]  # fmt: skip


def test_a_capture_that_fails_now(compared):
    base = [photo("Bar", "A", 1.0), photo("Hall", "A", 1.0)]
    found = compared(base, [broken("Bar", "A"), photo("Hall", "A", 1.0)])
    lost = found.captures[0]
    assert (lost.change, lost.base_status, lost.status) == ("changed", "ok", "failed")
    assert (lost.reason, lost.difference) == ("truncated JPEG", None)
    assert found.devices[0].n_failed == 1
    assert found.devices[0].note == "1 capture of NEW could not be scored"


def test_files_of_unknown_content_are_told_by_path_and_outcome(compared):
    base, new = (
        [
            replace(photo("Bar", "A", s, f"{n}.jpg"), facts=replace(facts_of("x"), sha256=None))
            for n, s in enumerate(scores)
        ]
        + [broken("Hall", "A")]
        for scores in ((1.0, 2.0), (1.0, 2.5))
    )
    found = compared(base, new)
    assert [change for _, _, change in fates(found)] == ["unchanged", "changed", "unchanged"]
    assert found.scenes[0].difference == 0.25


def test_pixels_that_lie_twice_in_a_cell_count_once(compared):
    base = [photo("Bar", "A", 1.0, "1.jpg"), photo("Bar", "A", 3.0, "2.jpg")]
    copy = photo("Bar", "A", 3.0, "2 (1).jpg")
    both = [replace(p, facts=replace(p.facts, pixels_sha256="p")) for p in (copy, base[1])]
    found = compared(base, [base[0], *both])
    assert found.scenes[0].difference == 0.0


def dated(day, *scores, **exif):
    """Captures of a night, named by the clock."""
    return [
        photo("Bar", "A", score, f"IMG_202601{day:02}_12{minute:02}00.jpg", **exif)
        for minute, score in enumerate(scores)
    ]


def test_names_with_dates_are_paired_by_order(compared):
    found = compared(dated(1, 1.0, 2.0), dated(2, 1.5, 2.25))
    assert [(c.change, c.paired_by, c.difference) for c in found.captures] == [
        ("changed", "order", 0.5),
        ("changed", "order", 0.25),
    ]
    (row,) = found.scenes
    assert (row.method, row.n_pairs, row.difference) == ("ordered", 2, 0.375)
    assert found.notes == (
        "2 captures of NEW paired with BASE by order: names carry dates or counters, so the k-th "
        "of a device in a scene is compared with the k-th",
    )


def test_the_cameras_clock_goes_before_the_names(compared):
    base, new = dated(1, 1.0, 2.0), dated(2, 1.5, 2.25)
    for shots, times in ((base, ("10", "11")), (new, ("15", "14"))):
        for n, hour in enumerate(times):
            exif = replace(shots[n].facts.exif, captured_at=f"2026-01-01T{hour}:00:00")
            shots[n] = replace(shots[n], facts=replace(shots[n].facts, exif=exif))
    found = compared(base, new)
    assert [c.difference for c in found.captures] == [0.0 - 0.5, 1.25]


def test_where_a_capture_is_missing_order_tells_nothing(compared):
    found = compared(dated(1, 1.0, 2.0, 3.0), dated(2, 1.5, 2.25))
    assert {c.paired_by for c in found.captures} == {None}
    assert found.scenes[0].method == "unpaired"


def test_counters_that_come_back_are_names(compared):
    base, new = ([photo("Bar", "A", s + n, f"IMG_204{n}.jpg") for n in (1, 2)] for s in (0.0, 0.5))
    found = compared(base, new)
    assert {c.paired_by for c in found.captures} == {"path"}
    assert found.scenes[0].method == "unpaired"


def test_short_numbers_are_takes_and_not_an_order(compared):
    base = [photo("Bar", "A", 1.0, "1.jpg"), photo("Bar", "A", 2.0, "2.jpg")]
    found = compared(base, [photo("Bar", "A", 1.5, "1.jpg"), photo("Bar", "A", 2.5, "3.jpg")])
    assert [c.change for c in found.captures] == ["changed", "removed", "added"]

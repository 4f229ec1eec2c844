"""EXIF holds anything: texts are cleaned, numbers become words, and nothing is raised."""

import io
import math
import struct
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from piqa_cli.read import exif_words as words
from piqa_cli.read.exif import read_exif
from piqa_cli.read.text import MAX_TEXT_CHARS, clean_text
from piqa_cli.records import Exif

pytestmark = pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # by Pillow
some = settings(derandomize=True, deadline=None, max_examples=150, database=None)
VOCABULARIES = [value for name, value in vars(words).items() if name.isupper() and name[0] != "_"]


@some
@given(st.one_of(st.text(), st.binary(), st.integers(), st.none(), st.lists(st.text())))
@example("\ud800\udfff")
@example(b"\xff\xfe\0\0")
@example("a" * 100_000 + "\0")
@example("\u202e\u2066evil\u200b\x1b[31m")
def test_any_text_is_cleaned(value):
    text = clean_text(value)
    if text is None:
        return
    assert 0 < len(text) <= MAX_TEXT_CHARS
    assert text == text.strip() == clean_text(text)
    assert not any(unicodedata.category(c)[0] == "C" for c in text)
    text.encode("utf-8")


@some
@given(st.integers(), st.sampled_from(VOCABULARIES))
@example(0, words.EXPOSURE_PROGRAM)
def test_any_number_is_a_word_or_none(number, vocabulary):
    found = words.word(number, vocabulary)
    assert found is None or found == vocabulary.get(number, f"other ({number})")


@some
@given(st.integers(-(2**40), 2**40))
def test_any_flash_is_words(bits):
    assert words.flash_words(bits).split(",")[0] in ("no flash", "fired", "not fired")


def jpeg(exif=b""):
    stream = io.BytesIO()
    Image.new("L", (8, 8)).save(stream, "JPEG", exif=exif)
    return stream.getvalue()


def read(content):
    with Image.open(io.BytesIO(content)) as image:
        return read_exif(content, image)


@settings(some, max_examples=40)  # exifread spends its whole reading budget on some of them
@given(st.binary(max_size=300), st.sampled_from([b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b""]))
def test_any_bytes_as_exif(tail, head):
    assert isinstance(read(jpeg(b"Exif\0\0" + head + tail)), Exif)


# Forms in which EXIF stores a value: number of the type, bytes of the value.
PARTS = st.integers(0, 2**32 - 1)
STORED = st.one_of(
    st.integers(0, 65535).map(lambda value: (3, struct.pack("<H", value))),
    PARTS.map(lambda value: (4, struct.pack("<I", value))),
    st.tuples(PARTS, PARTS).map(lambda pair: (5, struct.pack("<2I", *pair))),
    st.sampled_from([1e300, 1e-300, 5e-324, -1.0, float("nan"), float("inf"), 2.0]).map(
        lambda value: (12, struct.pack("<d", value))
    ),
    st.one_of(
        st.binary(min_size=1, max_size=20),
        st.sampled_from([b"2026:13:41 99:99:99", b"2026:03:01 17:05:09", b"+99:99", b"0000-01-01"]),
    ).map(lambda value: (2, value)),
)
SIZES = {2: 1, 3: 2, 4: 4, 5: 8, 12: 8}
TAGS = st.dictionaries(
    st.sampled_from([0x829A, 0x829D, 0x8822, 0x8827, 0x8832, 0x9003, 0x9011, 0x9204, 0x9207,
                     0x9209, 0x920A, 0x9291, 0xA001, 0xA402, 0xA404, 0xA405, 0xA434, 0xA460]),
    STORED,
    max_size=8,
)  # fmt: skip


def exif_of(tags):
    """An EXIF block with these stored values, whether a camera would write them or not."""
    head = b"II*\0" + struct.pack("<I", 8)
    first = struct.pack("<HHHII", 1, 0x8769, 4, 1, 26) + b"\0" * 4
    place = 26 + 2 + 12 * len(tags) + 4
    entries, values = b"", b""
    for tag, (kind, value) in sorted(tags.items()):
        count = len(value) // SIZES[kind]
        stored = (
            value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<I", place + len(values))
        )
        entries += struct.pack("<HHI", tag, kind, count) + stored
        values += value if len(value) > 4 else b""
    return b"Exif\0\0" + head + first + struct.pack("<H", len(tags)) + entries + b"\0" * 4 + values


def double(value):
    return 12, struct.pack("<d", value)


@some
@given(TAGS)
@example({0x829A: double(1.0), 0x829D: double(1e300), 0x8827: (3, b"\x64\0")})
@example({0x829A: double(1e-300), 0x829D: double(1e200), 0x8827: double(5e-324)})
def test_any_values_of_tags(tags):
    found = read(jpeg(exif_of(tags)))
    assert isinstance(found, Exif)
    assert found.exposure_time_s is None or found.exposure_time_s > 0
    assert found.ev100 is None or math.isfinite(found.ev100)


def test_the_blocks_are_read_as_written():
    found = read(jpeg(exif_of({0x829A: double(0.02), 0x829D: double(1.8), 0x8827: (3, b"\x40\1")})))
    assert (found.exposure_time_s, found.aperture_f_number, found.iso) == (0.02, 1.8, 320)
    assert found.ev100 == pytest.approx(math.log2(1.8**2 / 0.02 / 3.2), abs=1e-4)

from __future__ import annotations

import pytest
from PIL import Image

from piqa_cli.read.text import clean_text, error_words

NAMES = ["小米", "华为", "荣耀", "一加手机", "OPPO 手机 Find"]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("name", NAMES)
def test_chinese_names_are_read_in_either_encoding(name, encoding):
    assert clean_text(name.encode(encoding)) == name


@pytest.mark.parametrize("name", ["Andrés", "Müller", "Ørsted Å", "Hervé", "ÀB"])
def test_names_in_latin_1_stay(name):
    assert clean_text(name.encode("latin-1")) == name


def test_a_cut_last_character_is_left_out():
    assert clean_text("小米手机".encode()[:-1]) == "小米手"


@pytest.mark.parametrize("kind", ["jpeg", "webp", "png"])
def test_gbk_in_a_file(squares, save, read, kind):
    tags = Image.Exif()
    tags.update({0x010F: "小米".encode("gbk"), 0x0110: "华为".encode()})
    exif = read(save(squares, kind, exif=tags.tobytes())).facts.exif
    assert (exif.make, exif.model) == ("小米", "华为")


@pytest.mark.parametrize(
    "error", [AssertionError(), KeyError(51), IndexError(), EOFError(), ValueError(""), OSError()]
)
def test_errors_that_say_nothing_get_words(error):
    words = error_words(error)
    assert words != type(error).__name__
    assert len(words.split()) > 4


def test_errors_that_say_something_keep_it():
    assert error_words(ValueError("two\nlines")) == "two lines"
    assert error_words(AssertionError("bad box size")) == "bad box size"

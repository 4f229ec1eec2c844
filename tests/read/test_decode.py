from __future__ import annotations

import contextlib
import hashlib
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageCms

from piqa_cli.errors import CaptureError
from piqa_cli.read.decode import decoder_of, read_original, read_photo
from piqa_cli.read.pixels import orient, reduce

KINDS = ["jpeg", "png", "tiff", "webp", "heic", "avif"]
# Turning a picture by the stored orientation's inverse makes the file that shows it upright.
STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_of_every_format_gives_the_same_upright_pixels(
    squares, save, read, kind, orientation
):
    turn = STORED_AS[orientation]  # FLIP_LEFT_RIGHT is 0
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = squares if turn is None else squares.transpose(turn)
    file = save(stored, kind, exif=exif.tobytes())
    photo = read(file)
    assert (photo.facts.width_px, photo.facts.height_px) == (64, 48)
    difference = np.abs(photo.pixels.astype(int) - np.asarray(squares)).max()
    assert difference <= (0 if kind in ("png", "tiff", "webp") else 6)
    if kind != "avif" or orientation > 1:  # Pillow writes no tag into an upright AVIF
        assert photo.facts.exif.orientation == orientation


@pytest.mark.parametrize("kind", KINDS)
def test_facts_name_format_decoder_sizes_and_content(squares, save, read, kind):
    file = save(squares, kind)
    photo = read(file)
    assert photo.facts.format == kind
    assert photo.facts.decoder == decoder_of(kind)
    assert photo.facts.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert photo.facts.bytes == file.stat().st_size
    assert photo.facts.bit_depth == 8
    assert photo.facts.icc_profile is None
    assert photo.pixels.shape == (48, 64, 3)
    assert photo.pixels.dtype == np.uint8
    assert photo.pixels.flags.c_contiguous
    assert photo.pixels.flags.writeable


@pytest.mark.parametrize("kind", KINDS)
def test_the_suffix_does_not_matter(squares, save, read, kind):
    file = save(squares, kind)
    misnamed = file.rename(file.with_suffix(".xyz"))
    assert read(misnamed).facts.format == kind


def test_larger_pictures_are_reduced_as_by_pillows_bicubic(save):
    noise = np.random.default_rng(0).integers(0, 256, (301, 403, 3), np.uint8)
    photo = read_photo(save(Image.fromarray(noise), "png"), working_side_px=100)
    expected = Image.fromarray(noise).resize((133, 100), Image.Resampling.BICUBIC)
    assert (photo.facts.width_px, photo.facts.working_width_px) == (403, 133)
    assert (photo.facts.height_px, photo.facts.working_height_px) == (301, 100)
    difference = np.abs(photo.pixels.astype(int) - np.asarray(expected))
    assert difference.max() <= 1
    assert difference.mean() < 0.02


@pytest.mark.parametrize("mode", ["L", "CMYK", "LAB"])
def test_all_channels_are_reduced_as_by_pillow(mode):
    noise = np.random.default_rng(3).integers(0, 256, (301, 403, 3), np.uint8)
    picture = Image.fromarray(noise)
    picture = Image.merge(mode, picture.split()) if mode == "LAB" else picture.convert(mode)
    expected = picture.resize((133, 100), Image.Resampling.BICUBIC)
    found = reduce(picture, 100)
    assert (found.mode, found.size) == (mode, (133, 100))
    for band, wanted in zip(found.split(), expected.split(), strict=True):
        assert np.abs(np.asarray(band, int) - np.asarray(wanted)).max() <= 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_reduced_jpeg_is_turned_as_if_it_had_been_turned_first(save, orientation):
    noise = np.random.default_rng(4).integers(0, 256, (301, 403, 3), np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = save(Image.fromarray(noise), "jpeg", exif=exif)
    photo = read_photo(file, working_side_px=100)
    upright = orient(Image.open(file), orientation)
    assert (photo.facts.width_px, photo.facts.height_px) == upright.size
    assert photo.pixels.flags.c_contiguous
    assert np.array_equal(photo.pixels, np.asarray(reduce(upright, 100)))


def test_a_turned_picture_is_reduced_like_its_upright_twin(save):
    noise = np.random.default_rng(1).integers(0, 256, (301, 403, 3), np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = read_photo(save(Image.fromarray(noise), "png"), working_side_px=100)
    stored = Image.fromarray(noise).transpose(Image.Transpose.ROTATE_90)
    turned = read_photo(save(stored, "png", exif=exif), working_side_px=100)
    assert np.array_equal(turned.pixels, upright.pixels)


def test_parts_are_the_pixels_of_the_upright_original_however_it_is_stored(save):
    noise = np.random.default_rng(2).integers(0, 256, (301, 403, 3), np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = Image.fromarray(noise).transpose(Image.Transpose.ROTATE_90)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file = save(stored, "png", exif=exif, icc_profile=profile)
    whole = read_photo(file, working_side_px=None).pixels
    original = read_original(file)
    assert original.size == (403, 301)
    assert np.array_equal(original.part((0, 0, 50, 40)), whole[:40, :50])
    assert np.array_equal(original.part((353, 201, 403, 301)), whole[201:, 353:])
    file.write_bytes(b"gone")
    with pytest.raises(CaptureError, match="no picture"):
        read_original(file)


def test_a_one_pixel_picture_is_read(save):
    photo = read_photo(save(Image.new("RGB", (1, 1), (1, 2, 3)), "png"), working_side_px=1350)
    assert photo.pixels.tolist() == [[[1, 2, 3]]]


def test_the_first_of_several_frames_counts(tmp_path):
    frames = [Image.new("RGB", (8, 6), colour) for colour in ("red", "blue")]
    for kind, options in (("tiff", {}), ("webp", {"lossless": True}), ("avif", {"quality": 100})):
        file = tmp_path / f"frames.{kind}"
        frames[0].save(file, save_all=True, append_images=frames[1:], **options)
        red, _, blue = read_photo(file, working_side_px=None).pixels[3, 4]
        assert red > 240 > 20 > blue


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(save, kind, kept):
    noise = np.random.default_rng(2).integers(0, 256, (48, 64, 3), np.uint8)
    file = save(Image.fromarray(noise), kind)
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(CaptureError, match=f"^damaged {kind.upper()}[:,] .") as caught:
        read_photo(file, working_side_px=1350)
    assert caught.value.stage == "read"
    assert "\n" not in caught.value.reason
    assert "0x" not in caught.value.reason


def _reason(file):
    with pytest.raises(CaptureError) as caught:
        read_photo(file, working_side_px=1350)
    assert caught.value.stage == "read"
    return caught.value.reason


def test_files_that_are_no_pictures_say_what_is_wrong(tmp_path):
    file = tmp_path / "a.jpg"
    assert _reason(file) == "cannot be opened: No such file or directory"
    file.write_bytes(b"")
    assert _reason(file) == "the file is empty"
    file.write_text("a letter, not a picture")
    assert _reason(file) == (
        "no picture: the content is not JPEG, PNG, TIFF, WebP, HEIC, AVIF, JPEG XL or RAW"
    )
    file.write_bytes(b"\xff\xd8\xff" + b"\0" * 100)
    assert _reason(file) == "damaged JPEG, or a variant of it that isn't supported"
    assert _reason(tmp_path) == "cannot be opened: Is a directory"


def test_an_unreadable_file_says_so(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)  # root may read everything
    assert _reason(tmp_path / "a.jpg") == "cannot be opened: Permission denied"


@pytest.mark.parametrize(
    ("name", "data", "what", "module"),
    [
        ("shot.DNG", b"II*\0", "RAW (.dng)", "rawpy"),
        ("a.jpg", b"\xff\x0a", "JPEG XL", "pillow_jxl"),
    ],
)
def test_without_its_extra_a_format_is_refused_by_name(
    name, data, what, module, tmp_path, monkeypatch
):
    monkeypatch.setitem(sys.modules, module, None)  # as if it weren't installed
    (tmp_path / name).write_bytes(data)
    extra = "raw" if module == "rawpy" else "jxl"
    assert _reason(tmp_path / name) == (
        f"{what} is read with an extra only: pip install 'piqa-cli[{extra}]', or convert it"
    )


def test_raw_that_calls_itself_tiff_is_refused(squares, save):
    tags = Image.Exif()
    tags[50706] = b"\1\4\0\0"  # DNGVersion
    assert "RAW (DNG named as TIFF): give it its own suffix" in _reason(
        save(squares, "tiff", tiffinfo=tags)
    )
    tags = Image.Exif()
    tags[254] = 1  # NewSubfileType: a reduced version of another picture
    assert "RAW (a TIFF that starts with a preview)" in _reason(
        save(squares, "tiff", tiffinfo=tags)
    )


def test_a_decompression_bomb_is_refused_with_its_figures(save):
    bomb = save(Image.new("1", (26_000, 10_000)), "png")
    assert _reason(bomb) == "26000 x 10000 is 260 megapixels, more than the limit of 250"


def test_too_little_memory_costs_one_capture(squares, save, monkeypatch):
    def exhausted(*_args, **_kwargs):
        raise MemoryError

    file = save(squares, "png")
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", exhausted)
    assert _reason(file) == "not enough memory to decode this picture"
    with pytest.raises(CaptureError, match="not enough memory"):
        read_original(file)


def test_corrupt_files_raise_nothing_but_capture_errors(squares, save, capfd):
    rng = np.random.default_rng(3)
    for kind in KINDS:
        data = np.frombuffer(save(squares, kind).read_bytes(), np.uint8)
        for _ in range(40):
            broken = data.copy()
            places = rng.integers(len(broken) // 8, len(broken), 4)
            broken[places] = rng.integers(0, 256, 4)
            file = save(squares, kind)
            file.write_bytes(broken.tobytes())
            with contextlib.suppress(CaptureError):
                assert read_photo(file, working_side_px=1350).pixels.ndim == 3
    assert "Warning" not in capfd.readouterr().err


def test_reading_imports_no_torch():
    code = (
        "import sys, piqa_cli.read.decode, piqa_cli.face.boxes, piqa_cli.face.detect;"
        "print(sorted({'torch', 'torchvision', 'facenet_pytorch', 'scipy'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\n"


@pytest.mark.parametrize(("suffix", "name"), [("gif", "GIF"), ("bmp", "BMP"), ("jp2", "JPEG 2000")])
def test_formats_that_are_not_read_are_named(tmp_path, suffix, name):
    file = tmp_path / f"a.{suffix}"
    Image.new("RGB", (32, 32)).save(file)
    assert _reason(file) == f"{name} is not supported: convert it to JPEG, PNG or TIFF first"

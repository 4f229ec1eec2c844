from PIL import Image

from piqa_cli.benchmark.photographs import make_photographs


def test_the_same_files_at_every_call_and_no_two_equal(tmp_path):
    first = make_photographs(tmp_path / "a", 10, megapixels=0.3)
    second = make_photographs(tmp_path / "b", 10, megapixels=0.3)
    contents = [file.read_bytes() for file in first]
    assert contents == [file.read_bytes() for file in second]
    assert len(set(contents)) == 10
    with Image.open(first[9]) as one, Image.open(first[1]) as other:
        assert one.tobytes() == other.tobytes()  # eight pictures, the others differ in a comment
        assert abs(one.width * one.height / 0.3e6 - 1) < 0.01
        assert one.info["comment"] == b"photograph 9"

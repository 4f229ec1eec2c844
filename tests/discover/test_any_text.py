"""Manifests and scene.toml hold anything: the answer is a result or one line, never a traceback."""

import io
import json
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from piqa_cli.discover.manifest import FACE, OPTIONAL, REQUIRED
from piqa_cli.discover.scenes import read_scene_file
from piqa_cli.discover.walk import discover
from piqa_cli.errors import PiqaError
from piqa_cli.records import Capture, SceneInfo
from piqa_cli.settings import FindSettings

some = settings(derandomize=True, deadline=None, max_examples=150, database=None)

# What labs, spreadsheets and enemies put into cells.
CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "1", "-1.5", "1,5", "nan", "1e999", "9" * 400, "auto", "a.jpg", "../a", "~root/a",
         "/etc/passwd", "C:\\a.jpg", "a\0b", "x" * 5000, '"', "\n", "=1+1", "\u202e", "\ufeff"]
    ),
    st.text(max_size=12),
)  # fmt: skip
HEADINGS = st.lists(
    st.one_of(st.sampled_from((*REQUIRED, *OPTIONAL)), st.text(max_size=6)), max_size=12
)


@st.composite
def csv_files(draw):
    """CSVs that are nearly manifests."""
    divider = draw(st.sampled_from(",;\t"))
    headings = [*REQUIRED, *draw(st.sampled_from([(), FACE, ("jod",)])), *draw(HEADINGS)]
    lines = draw(st.lists(st.lists(CELLS, min_size=3, max_size=len(headings)), max_size=4))
    quote = draw(st.booleans())
    cells = ((f'"{c}"' if quote else c for c in line) for line in [headings, *lines])
    text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(map(divider.join, cells))
    return text.encode("utf-8", "surrogatepass")


def one_line(error):
    text = str(error)
    assert text.splitlines() == [text]
    assert text.isprintable()


def read_as_manifest(content):
    """Reads a manifest of these bytes as `rank` and `scan` do."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "list.csv"
        file.write_bytes(content)
        try:
            found = discover(FindSettings(None, file))
        except PiqaError as error:
            return one_line(error)
    assert all(isinstance(capture, Capture) for capture in found.captures)
    assert len(found.captures) + len(found.skipped) > 0
    return found


@some
@given(st.one_of(csv_files(), st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
@example(b"path,scene,device\n" + b"[" * 200_000)
@example(b'path,"sc\nene",device\na,b,c\n')
@example(b"path,scene,device\n" + b"x" * 5000 + b",s,d\n")
def test_any_csv(content):
    read_as_manifest(content)


def parquet(**more):
    stream = io.BytesIO()
    columns = {"path": ["a.jpg", "b.jpg"], "scene": ["s", "s"], "device": ["x", "y"], **more}
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


GOOD = parquet(jod=[1.0, None], take=pa.array(["1", None]).dictionary_encode())


@some
@given(st.dictionaries(st.integers(0, len(GOOD) - 1), st.integers(0, 255), min_size=1, max_size=6))
def test_any_damaged_parquet(changes):
    content = bytearray(GOOD)
    for place, byte in changes.items():
        content[place] = byte
    read_as_manifest(bytes(content))


@pytest.mark.parametrize(
    "take",
    [
        pa.Array.from_buffers(
            pa.string(), 2, [None, pa.py_buffer(bytes([0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0])),
                             pa.py_buffer(b"\xff\xfe")]
        ),
        pa.array([10**18] * 2, pa.timestamp("us")),
        pa.array([2**30] * 2, pa.date32()),
        pa.array([2**62] * 2, pa.duration("s")),
    ],
    ids=["no UTF-8", "far timestamp", "far date", "long time"],
)  # fmt: skip
def test_parquet_values_that_python_has_not(take, tmp_path):
    file = tmp_path / "list.parquet"
    file.write_bytes(parquet(take=take))
    with pytest.raises(PiqaError, match="can't be read as Parquet"):
        discover(FindSettings(None, file))


TOML = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.dictionaries(
        st.sampled_from(["title", "condition", "notes", "titel", "x"]),
        st.one_of(CELLS, st.integers(), st.booleans(), st.lists(st.integers(), max_size=2)),
    ).map(lambda d: "\n".join(f"{k} = {json.dumps(v)}" for k, v in d.items()).encode()),
)


@some
@given(TOML)
@example(b"title = " + b"9" * 5000)
@example(b"title = 0x" + b"f" * 5000)
@example(b"title = " + b"[" * 5000)
@example(b'title = "a\\nb"')
def test_any_scene_file(content):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scene.toml"
        file.write_bytes(content)
        try:
            found, _ = read_scene_file(file, "Bar")
        except PiqaError as error:
            return one_line(error)
    assert isinstance(found, SceneInfo)
    assert found.name == "Bar"
    return None

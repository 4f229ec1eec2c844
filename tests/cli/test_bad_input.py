"""Mistakes of users: the message, the exit code, and that nothing else is lost."""

import json

import numpy as np
import pytest
from PIL import Image

pytestmark = pytest.mark.usefixtures("known")


def rank_json(piqa, *args):
    """One run that went on: exit 5 and its summary."""
    result = piqa("rank", *args, "--json")
    assert result.exit_code == 5, result.output
    return json.loads(result.stdout)


def refused(result, code, *words):
    """One line on stderr with all the words, and the exit code."""
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    (line,) = result.stderr.strip().splitlines()
    for word in words:
        assert word in line
    return line


def test_missing_folder(piqa, tmp_path):
    refused(piqa("rank", tmp_path / "nowhere", "-o", tmp_path / "run"), 3, "nowhere")
    assert not (tmp_path / "run").exists()


def test_empty_folder(piqa, tmp_path):
    (tmp_path / "empty").mkdir()
    refused(piqa("rank", tmp_path / "empty", "-o", tmp_path / "run"), 3, "empty")


def test_folder_without_scenes(piqa, tmp_path):
    (tmp_path / "flat").mkdir()
    Image.new("RGB", (80, 80)).save(tmp_path / "flat" / "a.png")
    refused(piqa("rank", tmp_path / "flat", "-o", tmp_path / "run"), 3, "flat", "--layout")


def test_neither_folder_nor_manifest(piqa):
    refused(piqa("rank"), 2, "captures folder", "--manifest")


def test_text_file_named_jpg(piqa, captures, tmp_path):
    (captures / "Bar" / "Aster" / "note.jpg").write_text("not a picture")
    summary = rank_json(piqa, captures, "-o", tmp_path / "run")
    assert summary["counts"]["ok"] == 8
    (failed,) = summary["failed"]
    assert failed["path"] == "Bar/Aster/note.jpg"
    assert failed["stage"] == "read"
    assert "no picture" in failed["reason"]


def test_truncated_jpeg(piqa, captures, tmp_path):
    file = captures / "Park" / "Birch" / "cut.jpg"
    Image.effect_noise((128, 96), 60).convert("RGB").save(file, quality=95)
    file.write_bytes(file.read_bytes()[:3000])
    summary = rank_json(piqa, captures, "-o", tmp_path / "run")
    assert summary["counts"]["ok"] == 8
    assert "the scan ends after" in summary["failed"][0]["reason"]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((1, 1), "shorter side is 1 px, dn-piqa-mini needs at least 64 px"),
        ((63, 80), "shorter side is 63 px, dn-piqa-mini needs at least 64 px"),
        ((800, 70), "aspect ratio is 11.4:1, dn-piqa-mini takes at most 8:1"),
    ],
)
def test_pictures_the_model_cannot_score(piqa, captures, tmp_path, size, words):
    Image.new("RGB", size).save(captures / "Bar" / "Aster" / "odd.png")
    summary = rank_json(piqa, captures, "-o", tmp_path / "run")
    assert summary["counts"]["ok"] == 8
    assert summary["failed"] == [
        {"path": "Bar/Aster/odd.png", "stage": "score", "reason": words},
    ]


def test_manifest_with_a_missing_file(piqa, captures, tmp_path):
    manifest = captures / "list.csv"
    manifest.write_text(
        "path,scene,device\n"
        "Bar/Aster/take_1.png,Bar,Aster\nBar/Birch/take_1.png,Bar,Birch\ngone.png,Bar,Birch\n"
    )
    summary = rank_json(piqa, "--manifest", manifest, "-o", tmp_path / "run")
    assert summary["counts"]["ok"] == 2
    assert summary["failed"][0]["path"] == "gone.png"
    assert "not found" in summary["failed"][0]["reason"]


def test_unknown_model(piqa, captures, tmp_path):
    result = piqa("rank", captures, "-o", tmp_path / "run", "-m", "dn-piqua")
    refused(result, 3, "unknown model 'dn-piqua'", "dn-piqa-mini")


def test_model_without_weights(piqa, captures, tmp_path):
    result = piqa("rank", captures, "-o", tmp_path / "run", "-m", "dn-piqa")
    refused(result, 4, "dn-piqa", "piqa-cli weights import")


def test_corrupt_weights(piqa, captures, tmp_path, monkeypatch):
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "dn-piqa.safetensors").write_bytes(b"\0" * 100)
    sidecar = {"model": "dn-piqa", "sha256": "0" * 64, "sources": []}
    (folder / "dn-piqa.json").write_text(json.dumps(sidecar))
    monkeypatch.setenv("PIQA_WEIGHTS", str(folder))
    result = piqa("rank", captures, "-o", tmp_path / "run", "-m", "dn-piqa")
    refused(result, 4, "dn-piqa.safetensors", "SHA-256")


def test_output_that_is_a_file(piqa, captures, tmp_path):
    (tmp_path / "run").write_text("")
    refused(piqa("rank", captures, "-o", tmp_path / "run"), 3, "is a file")


def test_output_that_cannot_be_made(piqa, captures, tmp_path):
    (tmp_path / "file").write_text("")
    result = piqa("rank", captures, "-o", tmp_path / "file" / "run")
    refused(result, 3, "can't write to", "-o")


def test_bad_working_size(piqa, captures):
    refused(piqa("rank", captures, "--working-size", "big"), 2, "'big'", "native")


def test_nothing_could_be_scored(piqa, tmp_path):
    folder = tmp_path / "captures" / "Bar" / "Aster"
    folder.mkdir(parents=True)
    (folder / "a.jpg").write_text("no")
    result = piqa("rank", tmp_path / "captures", "-o", tmp_path / "run")
    refused(result, 3, "the only capture could not be scored", "Bar/Aster/a.jpg")
    assert (tmp_path / "run" / "captures.parquet").exists()


def test_cmyk_and_16_bit_grey_are_scored(piqa, captures, tmp_path):
    folder = captures / "Bar" / "Aster"
    Image.effect_noise((128, 96), 60).convert("CMYK").save(folder / "cmyk.jpg")
    grey = np.linspace(0, 65535, 96 * 128).reshape(96, 128).astype(np.uint16)
    Image.fromarray(grey).save(folder / "grey16.png")
    result = piqa("rank", captures, "-o", tmp_path / "run", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["counts"]["ok"] == 10

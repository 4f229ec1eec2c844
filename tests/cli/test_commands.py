"""Every command does what its help says."""

import json
import sys

from PIL import Image

from piqa_cli import __version__
from piqa_cli.cli import doctor
from piqa_cli.score import selftest
from tests.cpu_time import cpu_of, cpu_of_imports


def good(result):
    assert result.exit_code == 0, result.output
    return result.stdout


def test_version(piqa):
    assert good(piqa("--version")) == f"piqa-cli {__version__}\n"


def test_help_answers_before_the_libraries_of_a_run_were_imported():
    assert cpu_of("-m", "piqa_cli", "--help") < cpu_of_imports()


def test_unknown_option_is_a_usage_error(piqa):
    assert piqa("rank", "--wrong").exit_code == 2


def test_scan_shows_the_matrix_with_its_holes(piqa, captures):
    for file in (captures / "Park" / "Birch").iterdir():
        file.unlink()
    lines = good(piqa("scan", captures)).splitlines()
    assert lines[0].split() == ["scene", "Aster", "Birch"]
    assert lines[1].split() == ["Bar", "2", "2"]
    assert lines[2].split() == ["Park", "2", "."]
    assert "6 captures of 2 devices in 2 scenes, 1 hole" in lines[4]


def test_scan_as_json(piqa, captures):
    matrix = json.loads(good(piqa("scan", captures, "--json")))
    assert matrix["scenes"] == ["Bar", "Park"]
    assert matrix["counts"] == [[2, 2], [2, 2]]


def test_rank_says_where_everything_is(piqa, captures, tmp_path):
    text = good(piqa("rank", captures, "-o", tmp_path / "run"))
    head, *rest = text.splitlines()
    expected = ["rank", "device", "score", "95", "%", "interval", "preferred", "scenes", "captures"]
    assert head.split() == expected
    assert "8 captures scored, 0 failed, 0 other files skipped" in rest
    assert "model   dn-piqa-mini" in text
    assert f"report  {tmp_path / 'run' / 'report' / 'index.html'}" in text


def test_quiet_says_nothing(piqa, captures, tmp_path):
    result = piqa("rank", captures, "-o", tmp_path / "run", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_rank_with_a_manifest_and_its_face_boxes(piqa, captures, tmp_path):
    manifest = captures / "list.csv"
    manifest.write_text(
        "path,scene,device,face_x0,face_y0,face_x1,face_y1\n"
        "Bar/Aster/take_1.png,Bar,Aster,10,12,60,70\nBar/Birch/take_1.png,Bar,Birch,,,,\n"
    )
    good(piqa("rank", "--manifest", manifest, "-o", tmp_path / "run"))
    from piqa_cli.runs.table_set import load_run

    one, two = load_run(tmp_path / "run").tables.captures
    assert (one.face_x0, one.face_y0, one.face_x1, one.face_y1) == (10, 12, 60, 70)
    assert (one.face_source, one.no_face) == ("given", False)
    assert (two.face_source, two.no_face) == ("none", True)


def test_score_prints_one_line_a_file(piqa, captures):
    file = captures / "Bar" / "Aster" / "take_1.png"
    score, path = good(piqa("score", file)).strip().split("\t")
    assert path == str(file)
    (exact,) = json.loads(good(piqa("score", file, "--json")))["scores"]
    assert score == f"{exact['score']:.4f}"


def test_score_tells_what_was_odd_on_stderr(piqa, captures, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    file = tmp_path / "odd.heic"
    picture = Image.open(captures / "Bar" / "Aster" / "take_1.png").convert("RGB")
    picture.save(file, format="HEIF", exif=exif.tobytes())
    tag = b"\x01\x12\0\3\0\0\0\1\0"
    file.write_bytes(file.read_bytes().replace(tag + b"\6", tag + b"\1"))
    result = piqa("score", file)
    assert result.stdout.endswith(f"{file}\n")
    assert f"warning: {file}: EXIF states orientation 1, but the file's own turn" in result.stderr
    (row,) = json.loads(good(piqa("score", file, "--json")))["scores"]
    assert len(row["warnings"]) == 1


def test_score_goes_on_after_a_file_that_fails(piqa, captures, tmp_path):
    (tmp_path / "bad.jpg").write_text("no")
    file = captures / "Bar" / "Aster" / "take_1.png"
    result = piqa("score", tmp_path / "bad.jpg", file)
    assert result.exit_code == 5
    assert result.stdout.endswith(f"{file}\n")
    assert "bad.jpg: no picture" in result.stderr


def test_score_of_a_folder_names_the_command_for_folders(piqa, captures):
    result = piqa("score", captures)
    assert result.exit_code == 3
    assert "`rank` the folder that holds the scenes" in result.stderr


def test_report_makes_the_pages_again(piqa, captures, known, tmp_path):
    good(piqa("rank", captures, "-o", tmp_path / "run"))
    page = tmp_path / "run" / "report" / "index.html"
    before = page.read_bytes()
    page.unlink()
    assert str(page) in good(piqa("report", tmp_path / "run"))
    assert page.read_bytes() == before


def test_report_of_no_run(piqa, tmp_path):
    result = piqa("report", tmp_path)
    assert result.exit_code == 3
    assert "run.json" in result.stderr


def test_report_refuses_tables_that_do_not_match(piqa, captures, known, tmp_path):
    good(piqa("rank", captures, "-o", tmp_path / "run"))
    table = tmp_path / "run" / "captures.parquet"
    table.write_bytes(table.read_bytes() + b"x")
    result = piqa("report", tmp_path / "run")
    assert result.exit_code == 3
    assert "captures.parquet" in result.stderr


def test_models_says_what_is_ready_and_what_to_do(piqa):
    text = good(piqa("models"))
    assert "piqa-cli weights import dn-piqa PIQ_model.pth LIQE.pt" in text
    rows = {row["name"]: row for row in json.loads(good(piqa("models", "--json")))["models"]}
    assert len(rows["dn-piqa-mini"]["weights_sha256"]) == 64
    assert rows["dn-piqa"]["weights_sha256"] is None


def test_weights_list_verify_and_path(piqa, tmp_path, monkeypatch):
    monkeypatch.setenv("PIQA_WEIGHTS", str(tmp_path / "here"))
    assert "dn-piqa-mini" in good(piqa("weights", "list"))
    assert "dn-piqa-mini  ok" in good(piqa("weights", "verify"))
    assert good(piqa("weights", "path")) == f"{tmp_path / 'here'}\n"


def test_weights_import_of_a_wrong_file(piqa, tmp_path):
    for name in ("a.pth", "b.pt"):
        (tmp_path / name).write_text("no weights")
    result = piqa("weights", "import", "dn-piqa", tmp_path / "a.pth", tmp_path / "b.pt")
    assert result.exit_code in (3, 4)
    assert "a.pth" in result.stderr


def test_doctor_agrees_with_the_stored_score(piqa, monkeypatch):
    monkeypatch.setenv("PIQA_MODLE", "dn-piqa")
    told = json.loads(good(piqa("doctor", "--json", "--compute", "cpu")))
    assert told["self_test"]["agrees"]
    assert set(told["decoders"]) == {"jpeg", "png", "tiff", "webp", "heic", "avif", "jxl", "raw"}
    assert not any(decoder.startswith("missing") for decoder in told["decoders"].values())
    installed = ("dev", "figures", "jxl", "raw", "train")  # ray is no part of a set-up for tests
    assert [told["extras"][name] for name in installed] == [True] * len(installed)
    assert told["unknown_variables"] == {"PIQA_MODLE": "PIQA_MODEL"}


def test_doctor_names_what_installs_a_missing_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "rawpy", None)
    assert doctor._decoders()["raw"] == "missing: pip install 'piqa-cli[raw]'"


def test_doctor_does_not_trust_a_score_that_moved(piqa, tmp_path, monkeypatch):
    stored = json.loads(selftest.reference_file().read_text())
    moved = tmp_path / "moved.json"
    moved.write_text(json.dumps({**stored, "score": stored["score"] + 0.01}))
    monkeypatch.setattr(selftest, "reference_file", lambda: moved)
    result = piqa("doctor", "--compute", "cpu")
    assert result.exit_code == 4
    assert "DISAGREES" in result.stdout
    assert "is stored (tolerance 0.001)" in result.stderr


def test_train_needs_material(piqa):
    result = piqa("train", "run")
    assert result.exit_code == 2
    assert "--photos" in result.stderr


def test_train_sheet_draws_what_the_simulated_camera_makes(piqa, tmp_path):
    Image.effect_noise((160, 140), 60).convert("RGB").save(tmp_path / "a.png")
    text = good(piqa("train", "sheet", tmp_path / "a.png", "-o", tmp_path / "sheet.png"))
    assert text == f"sheet  {tmp_path / 'sheet.png'}\n"
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.format == "PNG"


def test_train_sheet_of_no_picture(piqa, tmp_path):
    result = piqa("train", "sheet", tmp_path / "gone.png")
    assert result.exit_code == 3
    assert "gone.png" in result.stderr

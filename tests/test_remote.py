"""Captures in object storage rank as those of a folder do.

`file://` goes the way of a storage without one; `s3://` needs `pip install moto flask flask-cors`.
"""

import json
import os
import socket

import pyarrow.parquet as pq
import pytest

from piqa_cli import remote
from piqa_cli.remote import (
    RemotePath,
    is_url,
    place,
    storage_settings,
    take_storage_settings,
)
from tests.fake_models import add_models
from tests.s3 import put_folder, use_s3


@pytest.fixture(params=["file", "s3"])
def upload(request, monkeypatch):
    """Puts a folder into a storage: upload(folder) is its URL."""
    if request.param == "file":
        return lambda folder: f"file://{folder}"
    address = request.getfixturevalue("s3_server")
    use_s3(monkeypatch, address)
    return lambda folder: put_folder(folder, address)


@pytest.fixture
def model(monkeypatch, tmp_path, one_thread):
    add_models(monkeypatch, tmp_path / "weights", light=1)


def tables_of(run):
    return {
        name: pq.read_table(run / f"{name}.parquet").to_pylist()
        for name in ("captures", "scene_ranks", "device_ranks", "pairs")
    }


def test_a_url_keeps_its_slashes_after_it_was_a_path(tmp_path):
    assert str(place(tmp_path / "s3:" / "b")) == str(tmp_path / "s3:" / "b")
    assert str(place(RemotePath("gs://b/c").url)) == "gs://b/c"
    assert [str(place(os.path.normpath(u))) for u in ("s3://b/c/", "file:///x")] == [
        "s3://b/c",
        "file:///x",
    ]
    assert [is_url(text) for text in ("s3://b", "s3/b", "C:/b")] == [True, False, False]


def test_settings_of_another_machine_come_first(monkeypatch):
    for name, value in {
        "AWS_ACCESS_KEY_ID": "ours",
        "AWS_SESSION_TOKEN": "of ours",
        "AWS_REGION": "here",
        "AWS_PROFILE": "lab",
    }.items():
        monkeypatch.setenv(name, value)
    assert storage_settings().get("AWS_ACCESS_KEY_ID") == "ours"
    assert "AWS_PROFILE" not in storage_settings()
    take_storage_settings({"AWS_REGION": "there"})
    assert os.environ["AWS_SESSION_TOKEN"] == "of ours"
    take_storage_settings({"AWS_ACCESS_KEY_ID": "theirs"})
    assert "AWS_SESSION_TOKEN" not in storage_settings()
    assert (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_REGION"]) == ("theirs", "there")


def test_a_storage_ranks_as_a_folder(piqa, model, captures, upload, tmp_path):
    (captures / "Bar" / "scene.toml").write_text('condition = "Indoor"')
    (captures / "Bar" / ".DS_Store").write_text("")
    (captures / "Bar" / "Aster" / "notes.txt").write_text("tripod")
    (captures / "Bar" / "Aster" / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    url = upload(captures)
    for source, out in ((captures, "local"), (url, "remote")):
        result = piqa("rank", source, "-o", tmp_path / out, "--fresh")
        assert result.exit_code == 5, result.output
    assert tables_of(tmp_path / "local") == tables_of(tmp_path / "remote")
    assert (
        json.loads((tmp_path / "remote" / "run.json").read_text())["settings"]["find"]["root"]
        == url
    )
    local, there = (piqa("scan", source, "--json") for source in (captures, url))
    assert there.exit_code == 0, there.output
    assert json.loads(local.stdout) == json.loads(there.stdout)


def test_a_manifest_names_urls_and_what_has_gone_is_a_row(piqa, model, captures, upload, tmp_path):
    url = upload(captures)
    rows = [f"{url}/Bar/{device}/take_1.png,Bar,{device}" for device in ("Aster", "Birch")]
    rows.append(f"{url}/Bar/Birch/take_9.png,Bar,Birch")
    manifest = tmp_path / "list.csv"
    manifest.write_text("\n".join(["path,scene,device", *rows]))
    scanned = piqa("scan", "--manifest", manifest, "--json")
    assert json.loads(scanned.stdout)["not_there"] == [f"{url}/Bar/Birch/take_9.png"]
    result = piqa("rank", "--manifest", manifest, "-o", tmp_path / "run")
    assert result.exit_code == 5, result.output
    found = {row["path"]: row for row in tables_of(tmp_path / "run")["captures"]}
    assert found[f"{url}/Bar/Aster/take_1.png"]["status"] == "ok"
    assert found[f"{url}/Bar/Birch/take_9.png"]["reason"] == "file not found"


def test_a_manifest_in_the_storage_names_files_beside_it(piqa, model, captures, upload, tmp_path):
    rows = [f"../captures/Bar/{device}/take_1.png,Bar,{device}" for device in ("Aster", "Birch")]
    (captures / "lists").mkdir()
    (captures / "lists" / "a.csv").write_text(
        "\n".join(["path,scene,device", *(row.replace("captures/", "") for row in rows)])
    )
    url = upload(captures)
    result = piqa("rank", "--manifest", f"{url}/lists/a.csv", "-o", tmp_path / "run")
    assert result.exit_code == 0, result.output
    assert {row["status"] for row in tables_of(tmp_path / "run")["captures"]} == {"ok"}


def test_shards_of_a_storage_make_one_run(piqa, model, captures, upload, tmp_path):
    url = upload(captures)
    for number in (1, 2):
        part = tmp_path / "parts" / str(number)
        result = piqa("score", url, "--shard", f"{number}/2", "-o", part)
        assert result.exit_code == 0, result.output
    merged = piqa("rank", "--merge", tmp_path / "parts", "-o", tmp_path / "merged")
    assert merged.exit_code == 0, merged.output
    assert piqa("rank", captures, "-o", tmp_path / "local").exit_code == 0
    assert tables_of(tmp_path / "local") == tables_of(tmp_path / "merged")


def test_single_pictures_may_be_urls(piqa, model, captures, upload):
    url = f"{upload(captures)}/Bar/Aster/take_1.png"
    result = piqa("score", url)
    assert result.exit_code == 0, result.output
    assert result.stdout.rstrip().endswith(url)


def test_folders_that_are_not_there_are_one_line(piqa, captures, upload, tmp_path):
    url = upload(captures)
    for command in ("scan", "rank"):
        result = piqa(command, f"{url}/Nowhere")
        assert result.exit_code == 3
        (line,) = result.stderr.strip().splitlines()
        assert f"captures folder {url}/Nowhere does not exist" in line


@pytest.mark.parametrize("url", ["http://lab/captures", "s3a://lab/captures", "gcs://lab"])
def test_urls_of_other_kinds_are_one_line_and_no_folder(piqa, captures, url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (["scan", url], ["rank", captures, "--shared-cache", url, "-o", "run"]):
        result = piqa(*words)
        assert result.exit_code == 3
        assert f"{url}: of URLs only s3:// and gs:// can be used" in result.stderr
    assert not any(":" in file.name for file in tmp_path.iterdir())


def test_a_bucket_that_is_not_there_is_one_line(piqa, monkeypatch, s3_server):
    use_s3(monkeypatch, s3_server)
    result = piqa("scan", "s3://nowhere/captures")
    assert result.exit_code == 3
    assert "there is no such bucket: check its name and AWS_ENDPOINT_URL" in result.stderr


def test_a_storage_that_does_not_answer_is_one_line(piqa, monkeypatch):
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        use_s3(monkeypatch, f"http://127.0.0.1:{taken.getsockname()[1]}")
        result = piqa("scan", "s3://photos/captures")
    assert result.exit_code == 3
    (line,) = result.stderr.strip().splitlines()
    assert line.endswith(
        "captures folder s3://photos/captures can't be listed: the storage doesn't answer: check "
        "the network, AWS_ENDPOINT_URL and AWS_REGION"
    )


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("AWS Error ACCESS_DENIED during HeadObject operation: No response body.", "access denied"),
        ("AWS Error UNKNOWN (HTTP status 301) during HeadBucket", "another region: set AWS_REGION"),
        ("google::cloud::Status(PERMISSION_DENIED: no)", "access denied"),
        ("AWS Error SLOW_DOWN\nduring GetObject", "AWS Error SLOW_DOWN during GetObject"),
    ],
)
def test_the_words_of_a_storage_become_one_line(message, reason):
    with pytest.raises(OSError, match=reason) as caught, remote._one_line_errors():
        raise OSError(message)
    assert "\n" not in caught.value.strerror


@pytest.mark.parametrize(
    "words",
    [
        ["rank", "captures"],
        ["score", "x", "--shard", "1/2"],
        ["compare", "a", "b"],
        ["evaluate", "a"],
        ["history", "a"],
    ],
)
def test_results_are_not_written_to_a_url(piqa, words):
    result = piqa(*words, "-o", "s3://photos/run")
    assert result.exit_code == 2
    assert "-o s3://photos/run: results are written on this machine" in result.stderr


def test_pages_show_crops_of_a_storage(piqa, model, captures, upload, tmp_path):
    for source, out in ((captures, "local"), (upload(captures), "remote")):
        result = piqa("rank", source, "-o", tmp_path / out, "--fresh")
        assert result.exit_code == 0, result.output
    local, remote_ = (
        {file.name: file.read_bytes() for file in (tmp_path / out / "pictures").iterdir()}
        for out in ("local", "remote")
    )
    assert any("crop" in name for name in local)
    assert local == remote_


def test_scan_knows_a_renamed_device_of_a_storage(piqa, model, captures, upload, tmp_path):
    assert piqa("rank", captures, "-o", tmp_path / "base").exit_code == 0
    (tmp_path / "piqa.toml").write_text(f'[expect]\nfrom = "{tmp_path / "base"}"\n')
    for folder in captures.glob("*/Aster"):
        folder.rename(folder.with_name("Aster-2"))
    config = ("--config", tmp_path / "piqa.toml")
    local, there = (
        piqa(*config, "scan", source, "--json") for source in (captures, upload(captures))
    )
    assert "Aster-2" in str(json.loads(local.stdout)["expected"]["renamed"])
    assert json.loads(local.stdout) == json.loads(there.stdout)

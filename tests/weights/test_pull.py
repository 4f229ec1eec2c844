"""`weights pull` from a lab's mirror, and from mirrors with every fault."""

import hashlib
import json
import re
import shutil
import socket

import pytest
import safetensors.torch
import torch
from filelock import FileLock

from piqa_cli.resources import shipped_weights_dir, weights_dir
from piqa_cli.weights import store
from piqa_cli.weights.importing import import_weights
from piqa_cli.weights.mirror import Mirror
from piqa_cli.weights.store import find, verify
from tests.weights.mirrors import serving

NAME = "dn-piqa.safetensors"


@pytest.fixture(scope="module")
def content(authors, tmp_path_factory):
    """Bytes of a bundle of dn-piqa."""
    files = [authors.piq_file, authors.liqe_file]
    return import_weights(
        "dn-piqa", files, folder=tmp_path_factory.mktemp("made")
    ).path.read_bytes()


@pytest.fixture
def mirror(content):
    with serving(with_sum(content)) as server:
        yield server


@pytest.fixture
def pull(piqa, mirror):
    return lambda *more: piqa("weights", "pull", "dn-piqa", "--weights-url", mirror.url, *more)


def with_sum(content, name=NAME):
    """Files of a mirror as `sha256sum` describes them."""
    line = f"{hashlib.sha256(content).hexdigest()}  {name}\n"
    return {name: content, f"{name}.sha256": line.encode()}


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def part_of(content):
    return weights_dir() / f"dn-piqa.{sha256(content)[:12]}.part"


def left_by_an_earlier_pull(content, size):
    weights_dir().mkdir(parents=True)
    part_of(content).write_bytes(content[:size])


def pulled(done, content):
    """The weights are here, whole, and nothing else is."""
    assert done.exit_code == 0, done.output
    line = f"dn-piqa  {sha256(content)}  {weights_dir() / NAME}\n"
    assert done.stdout == line
    assert (weights_dir() / NAME).read_bytes() == content
    verify(find("dn-piqa"))
    names = {file.name for file in weights_dir().iterdir()} - {".pull-lock"}
    assert names == {NAME, "dn-piqa.json"}


def refused(done, code=4):
    """One line, and no weights."""
    assert (done.exit_code, done.stdout) == (code, ""), done.output
    (line,) = done.stderr.splitlines()
    assert not (weights_dir() / NAME).exists()
    assert not (weights_dir() / "dn-piqa.json").exists()
    return line.removeprefix("piqa-cli: ")


def test_plain(pull, mirror, content):
    done = pull()
    pulled(done, content)
    assert done.stderr == ""  # no bar where stderr is no terminal
    assert mirror.ranges == [None]


def test_sidecar_says_where_they_come_from(pull, content):
    pull()
    assert find("dn-piqa").sources == (store.Source(NAME, sha256(content)),)


def test_from_a_folder(piqa, content, tmp_path, monkeypatch):
    folder = tmp_path / "lab's weights"
    folder.mkdir()
    for name, data in with_sum(content).items():
        (folder / name).write_bytes(data)
    monkeypatch.setenv("PIQA_WEIGHTS_URL", folder.as_uri() + "/")
    left_by_an_earlier_pull(content, 1000)
    pulled(piqa("weights", "pull", "dn-piqa"), content)


def test_piqa_toml_names_the_mirror(piqa, mirror, content, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "piqa.toml").write_text(f'weights_url = "{mirror.url}"\n')
    pulled(piqa("weights", "pull", "dn-piqa"), content)
    (tmp_path / "piqa.toml").write_text('weights_url = "ftp://lab/weights"\n')
    told = piqa("config", "show")
    assert told.exit_code == 3
    assert "'weights_url': the weights address 'ftp://lab/weights' is neither" in told.stderr


def test_the_same_again_does_nothing(pull, mirror, content):
    pull()
    again = pull()
    pulled(again, content)
    assert again.stderr == "dn-piqa is here already, the same as on the mirror\n"
    assert len(mirror.ranges) == 1


def test_damaged_weights_are_fetched_again(pull, content):
    pull()
    (weights_dir() / NAME).write_bytes(content[:-1])
    pulled(pull(), content)


def test_goes_on_where_it_ended(pull, mirror, content):
    left_by_an_earlier_pull(content, 1000)
    pulled(pull(), content)
    assert mirror.ranges == ["bytes=1000-"]


def test_what_was_complete_is_not_fetched_again(pull, mirror, content):
    left_by_an_earlier_pull(content, None)
    pulled(pull(), content)
    assert mirror.ranges == []


def test_starts_anew_where_the_server_knows_no_ranges(pull, mirror, content):
    left_by_an_earlier_pull(content, 1000)
    mirror.knows_ranges = False
    pulled(pull(), content)
    assert mirror.ranges == ["bytes=1000-"]


def test_starts_anew_where_more_is_here_than_there(pull, mirror, content):
    left_by_an_earlier_pull(content, None)
    with part_of(content).open("ab") as stream:
        stream.write(b"more")
    pulled(pull(), content)
    assert mirror.ranges == [f"bytes={len(content) + 4}-", None]


def test_parts_of_other_weights_are_never_mixed_in(pull, mirror, content):
    left_by_an_earlier_pull(b"older weights", 5)
    pulled(pull(), content)
    assert mirror.ranges == [None]


def test_cut_connection_is_told_and_gone_on_with(pull, mirror, content):
    mirror.cut_after = 5000
    line = refused(pull())
    assert line == (
        f"{mirror.url}/{NAME}: the connection ended after 5000 of {len(content)} bytes: "
        "run the same command again, it goes on from there"
    )
    mirror.cut_after = None
    pulled(pull(), content)
    assert mirror.ranges == [None, "bytes=5000-"]


def test_cut_connection_of_a_server_that_tells_no_size(pull, mirror, content):
    mirror.cut_after, mirror.says_size = 5000, False
    assert "has SHA-256" in refused(pull())
    mirror.cut_after = None
    pulled(pull(), content)


def test_wrong_hash_names_both_and_keeps_nothing(pull, mirror, content):
    changed = content[:-1] + bytes([content[-1] ^ 1])
    mirror.files[NAME] = changed
    line = refused(pull())
    assert line.startswith(
        f"{mirror.url}/{NAME} has SHA-256 {sha256(changed)}, but {sha256(content)}"
    )
    assert list(weights_dir().glob("*.part")) == []


@pytest.mark.parametrize("missing", [NAME, f"{NAME}.sha256"])
def test_what_the_mirror_lacks_is_named(pull, mirror, missing):
    del mirror.files[missing]
    assert refused(pull()) == (
        f"{mirror.url}/{missing}: 404 Not Found: check the weights address and the network"
    )


@pytest.mark.parametrize("text", [b"", b"<html>login</html>", b"abc  x", b"\xff" * 9000])
def test_sum_that_is_none(pull, mirror, text):
    mirror.files[f"{NAME}.sha256"] = text
    assert f"{NAME}.sha256 holds no SHA-256: make it with `sha256sum {NAME} > " in refused(pull())


@pytest.mark.parametrize("form", ["{sum}", "{sum} *dir/x\r\n", "{SUM}  x\n# note\n"])
def test_forms_of_a_sum(pull, mirror, content, form):
    text = form.format(sum=sha256(content), SUM=sha256(content).upper())
    mirror.files[f"{NAME}.sha256"] = text.encode()
    pulled(pull(), content)


def test_weights_of_another_model_are_refused(pull, mirror):
    mini = (shipped_weights_dir() / "dn-piqa-mini.safetensors").read_bytes()
    mirror.files |= with_sum(mini, NAME)
    line = refused(pull())
    assert line.startswith(f"{mirror.url}/{NAME} is for dn-piqa-mini/")
    assert list(weights_dir().glob("*.part")) == []


STRANGE = [None, {"piqa": "["}, {"piqa": "[" * 99999}, {"piqa": "[1]"}] + [
    {"piqa": json.dumps({"format": "dn-piqa/1", "sizes": sizes, "labels": "{}"})}
    for sizes in ("x", "[]", "3", '{"full": 1}', "{}")
]


@pytest.mark.parametrize("metadata", STRANGE)
def test_strange_bundles_are_refused(pull, mirror, metadata):
    mirror.files |= with_sum(safetensors.torch.save({"a": torch.ones(1)}, metadata))
    line = refused(pull())
    assert re.match(
        rf"{mirror.url}/{NAME} h(as metadata|olds no|as no)|the weights of dn-piqa are", line
    )
    assert list(weights_dir().glob("*.part")) == []


def test_older_weights_stay_where_a_pull_fails(pull, mirror, content):
    pull()
    mirror.files |= with_sum(b"no weights")
    assert pull().exit_code == 4
    assert (weights_dir() / NAME).read_bytes() == content
    verify(find("dn-piqa"))


def test_redirect_to_plain_http_elsewhere_is_refused(pull, mirror):
    mirror.leads_to = "http://mirror.invalid"
    line = refused(pull())
    assert "leads to http://mirror.invalid, which is no https://" in line


@pytest.mark.parametrize("address", ["file:///etc", "ftp://127.0.0.1"])
def test_redirect_to_anything_else_is_refused(pull, mirror, address):
    mirror.leads_to = address
    assert re.search("refused|is not allowed", refused(pull()))


def test_redirect_on_this_machine_is_followed(pull, mirror, content):
    left_by_an_earlier_pull(content, 1000)
    with serving(mirror.files) as other:
        mirror.leads_to = other.url.removesuffix("/weights")
        pulled(pull(), content)
        assert other.ranges == ["bytes=1000-"]


def test_no_server_is_told(piqa):
    with serving({}) as gone:
        pass
    line = refused(piqa("weights", "pull", "dn-piqa", "--weights-url", gone.url))
    assert line == (
        f"{gone.url}/{NAME}.sha256: Connection refused: check the weights address and the network"
    )


def test_silent_server_is_given_up(pull, mirror, content, monkeypatch):
    monkeypatch.setattr("piqa_cli.weights.mirror.TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mirror.url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert "timed out" in refused(pull())


def test_loopback_goes_through_no_proxy(pull, content, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    pulled(pull(), content)


def test_https_goes_through_the_proxy_of_the_environment(piqa, monkeypatch):
    with serving({}) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url.removesuffix("/weights"))
        monkeypatch.delenv("no_proxy", raising=False)
        done = piqa("weights", "pull", "dn-piqa", "--weights-url", "https://mirror.invalid")
    assert "Tunnel connection failed: 501" in refused(done)


def test_no_address_says_how_to_name_one(piqa):
    line = refused(piqa("weights", "pull", "dn-piqa"), 2)
    assert line.startswith("no mirror is named: set PIQA_WEIGHTS_URL, weights_url in piqa.toml")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://lab.example/weights", "anybody on the way can change"),
        ("http://127.0.0.1.lab.example", "anybody on the way can change"),
        ("http://0x7f000001.lab.example", "anybody on the way can change"),
        ("https://me:secret@lab.example", "user name or password"),
        ("https://lab.example/?token=1", "without ?, # or blanks"),
        ("https://lab.example/a b", "without ?, # or blanks"),
        ("https://lab.example:port/", "can't be read"),
        ("https://", "neither https:// nor file://"),
        ("file://server/share", "neither https:// nor file://"),
        ("/srv/weights", "neither https:// nor file://"),
        ("ftp://lab.example", "neither https:// nor file://"),
    ],
)
def test_addresses_that_weights_are_not_taken_from(piqa, url, said):
    line = refused(piqa("weights", "pull", "dn-piqa", "--weights-url", url), 2)
    assert said in line
    assert "secret" not in line


@pytest.mark.parametrize(
    "url", ["https://lab.example:8443/a", "http://[::1]:80", "http://localhost"]
)
def test_addresses_that_weights_are_taken_from(url):
    assert Mirror(f"{url}/").address("a b") == f"{url}/a%20b"


def test_unknown_model(piqa, mirror):
    done = piqa("weights", "pull", "dn-pika", "--weights-url", mirror.url)
    assert "unknown model 'dn-pika'" in refused(done, 3)


def test_folder_that_cannot_be_written(pull, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("PIQA_WEIGHTS", str(tmp_path / "file"))
    done = pull()
    assert done.exit_code == 3
    assert f"{tmp_path / 'file'}: weights can't be written: " in done.stderr


def test_one_pull_at_a_time(pull, content):
    weights_dir().mkdir(parents=True)
    with FileLock(weights_dir() / ".pull-lock"):
        assert "another pull writes into" in refused(pull(), 3)
    pulled(pull(), content)


class TestWeightsThatShip:
    """Their SHA-256 stands in the package: a mirror can bring them back, and nothing else."""

    @pytest.fixture
    def package(self, tmp_path, monkeypatch):
        folder = tmp_path / "shipped"
        shutil.copytree(shipped_weights_dir(), folder)
        monkeypatch.setattr(store, "shipped_weights_dir", lambda: folder)
        return folder

    @pytest.fixture
    def call(self, piqa, mirror):
        return lambda: piqa("weights", "pull", "dn-piqa-mini", "--weights-url", mirror.url)

    def test_lost_ones_come_back(self, package, call, mirror):
        file = package / "dn-piqa-mini.safetensors"
        whole, sidecar = file.read_bytes(), file.with_suffix(".json").read_bytes()
        mirror.files |= with_sum(whole, file.name)
        file.unlink()
        assert call().exit_code == 0
        assert file.read_bytes() == whole
        assert file.with_suffix(".json").read_bytes() == sidecar

    def test_others_are_refused(self, package, call, mirror, content):
        known = find("dn-piqa-mini").sha256
        mirror.files |= with_sum(content, "dn-piqa-mini.safetensors")
        done = call()
        assert done.exit_code == 4
        assert f"has SHA-256 {sha256(content)}, but dn-piqa-mini ships with {known}" in done.stderr
        verify(find("dn-piqa-mini"))

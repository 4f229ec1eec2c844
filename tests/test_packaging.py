"""The wheel, built from the source distribution and installed where no checkout is in sight."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from piqa_cli import __version__
from piqa_cli.models.catalogue import spec_of
from piqa_cli.records import Capture, Discovery, Failed, Findings, Ranking, Recipe, RunContent
from piqa_cli.runs.folder import prepare_out, write_run

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built offline by the environment's own hatchling."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def bin_folder(wheel, tmp_path_factory):
    """Commands of a fresh environment: the wheel without dependencies over today's libraries."""
    venv = tmp_path_factory.mktemp("fresh") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=venv.parent)
    python = venv / "bin" / "python"
    own = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=venv)
    (Path(own) / "environment.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=venv.parent)
    return python.parent


def test_templates_and_sample_sets_lie_inside_the_package(names):
    templates = {file for file in (ROOT / "templates").rglob("*") if file.is_file()}
    sets = {file for file in (ROOT / "sample_sets").rglob("*") if file.is_file()}
    sets = {file for file in sets if "__pycache__" not in file.parts}
    wanted = {f"piqa_cli/{file.relative_to(ROOT)}" for file in templates | sets}
    assert "piqa_cli/sample_sets/portraits-mini/doorway-close/kestrin-k2/IMG_0421.heic" in wanted
    assert wanted - names == set()


def test_shipped_weights_are_packed(names):
    shipped = ROOT / "piqa_cli" / "weights" / "shipped"
    wanted = {f"piqa_cli/weights/shipped/{f.name}" for f in shipped.glob("*.*") if f.is_file()}
    assert wanted - names == set()


def test_nothing_but_the_package_is_packed(names):
    facts = f"piqa_cli-{__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {"piqa_cli", facts}
    assert f"{facts}/licenses/LICENSE" in names


def test_is_a_light_download(wheel):
    assert wheel.stat().st_size < 25e6


def test_finds_its_files_from_another_folder(bin_folder, tmp_path):
    code = (
        "import piqa_cli, piqa_cli.resources as r;"
        "print(piqa_cli.__file__, r.resource_dir('templates'), r.resource_dir('sample_sets'))"
    )
    places = run(bin_folder / "python", "-c", code, cwd=tmp_path).split()
    assert all(place.startswith(f"{bin_folder.parent}/lib/") for place in places), places
    assert (Path(places[2]) / "portraits-mini" / "sample_set.toml").is_file()


@pytest.fixture(scope="module")
def saved_run(tmp_path_factory):
    """A run of one capture that could not be read, as `rank` would have saved it."""
    folder = tmp_path_factory.mktemp("saved") / "run"
    capture = Capture("park/kestrin-k2/a.jpg", Path("a.jpg"), "park", "kestrin-k2")
    spec = spec_of("dn-piqa-mini")
    content = RunContent(
        out=folder,
        discovery=Discovery((capture,)),
        findings=Findings(
            results=[Failed(capture, "read", "is no picture: text")],
            source=spec,
            recipe=Recipe(spec.name, spec.scale, "0" * 64, spec.preprocessing, "1350", "fp32"),
        ),
        ranking=Ranking(),
    )
    prepare_out(folder)
    write_run(content)
    return folder


def test_renders_a_report_from_another_folder(bin_folder, saved_run, tmp_path):
    run(bin_folder / "piqa-cli", "report", saved_run, cwd=tmp_path)
    assert "is no picture: text" in (saved_run / "report" / "captures.html").read_text("utf-8")
    assert (saved_run / "report" / "assets" / "style.css").is_file()

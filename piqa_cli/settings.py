"""Settings of a run, as one frozen record."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from piqa_cli.main_memory import free_memory_bytes, workers_that_fit
from piqa_cli.processors import available_processors
from piqa_cli.records.device_names import DeviceName
from piqa_cli.records.gates import GateRule
from piqa_cli.remote import AnyPath

DEFAULT_MODEL = "dn-piqa-mini"
DEFAULT_LAYOUT = "{scene}/{device}"
DEFAULT_WORKING_SIDE_PX = 1350
DEFAULT_TIE_JOD = 0.3
DEFAULT_TIMEOUT_S = 120.0
MAX_PIXELS = 250_000_000
MOST_WORKERS = 16  # each needs memory, and a GPU rarely keeps up with more
DEFAULT_CROPS_MB = 400.0  # crops of about 800 captures
DEFAULT_MAX_MB = 50.0  # size of the one-file report; from about 80 MB on browsers fail to open it

Compute = Literal["auto", "cpu", "cuda", "mps"]
Precision = Literal["auto", "fp32", "bf16"]
Shots = Literal["one", "keep-all"]
Prefer = Literal["picture", "raw"]
DetectorRule = Literal["confident", "largest"]
FaceRule = Literal["scene", "confident", "largest"]
Damaged = Literal["refuse", "score"]
By = Literal["device", "device+firmware"]
GivenScale = Literal["relative", "jod", "mos"]
Pictures = Literal["none", "small", "full"]
FigureFormat = Literal["png", "svg", "pdf"]
Combine = Literal["rank"]
PdfKind = Literal["brief", "full"]
EngineName = Literal["local", "ray"]


def default_workers() -> int:
    """One front process for each processor that this process may use, up to `MOST_WORKERS`.

    Fewer where free memory has no room for them.
    """
    return min(MOST_WORKERS, available_processors(), workers_that_fit(free_memory_bytes()))


@dataclass(frozen=True, slots=True)
class ScoreSettings:
    """All that can move a score or change how it is computed.

    Attributes:
        model: name in the catalogue.
        weights: file of its weights; None: those that ship or were imported.
        working_side_px: shorter side that larger captures are reduced to; None: native.
        face_rule: chooses among several faces: that of the scene, or in every capture by itself
            the most confident or the largest one.
        precision, compute: see `--help`; `auto` precision is fp32 everywhere.
        damaged: whether captures with missing or wrong pixels fail or are scored with a warning.
        workers: front processes: they read captures, find faces and cut views.
        timeout_s: time limit of a front process for one capture.
        use_cache: False: scores are neither looked up nor kept.
        fresh: scores are kept but not looked up.
        shared_cache: folder or URL where machines share scores, beside the cache of each; None:
            they share none.
        landmarks: table of the faces' landmarks, for models that need them; None: they are found
            by an installed package, if there is one.
    """

    model: str = DEFAULT_MODEL
    weights: Path | None = None
    working_side_px: int | None = DEFAULT_WORKING_SIDE_PX
    face_rule: FaceRule = "scene"
    precision: Precision = "auto"
    compute: Compute = "auto"
    damaged: Damaged = "refuse"
    workers: int = field(default_factory=default_workers)
    timeout_s: float = DEFAULT_TIMEOUT_S
    use_cache: bool = True
    fresh: bool = False
    shared_cache: str | None = None
    landmarks: Path | None = None

    @property
    def detector_rule(self) -> DetectorRule:
        """Rule for one capture by itself, before its scene is known."""
        return "confident" if self.face_rule == "scene" else self.face_rule

    @property
    def effective_precision(self) -> Literal["fp32", "bf16"]:
        """Precision that `auto` means: fp32 everywhere; bf16 only when asked for."""
        return "bf16" if self.precision == "bf16" else "fp32"

    @property
    def working_size(self) -> str:
        """The working size as tables show it: pixels of the shorter side, or `native`."""
        return "native" if self.working_side_px is None else str(self.working_side_px)


@dataclass(frozen=True, slots=True)
class RaySettings:
    """Use of a Ray cluster.

    Attributes:
        address: of the cluster, `auto` for the one that this machine is in; None: Ray is started on
            this machine.
        actors: processes that hold the networks; None: one for each GPU, or as many as fit.
        gpus: GPUs for each of them; a fraction lets several share one.
    """

    address: str | None = None
    actors: int | None = None
    gpus: float = 1.0


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model that scores beside the first one.

    Attributes:
        model: name in the catalogue.
        weights: file of its weights; None: those that ship or were imported.
    """

    model: str
    weights: Path | None = None


@dataclass(frozen=True, slots=True)
class FindSettings:
    """Choice of captures.

    Attributes:
        root: captures folder; None with a manifest.
        manifest: CSV or Parquet file instead of a layout.
        layout: pattern of folder names, e.g. `{scene}/{device}`.
        only, exclude: `scene=PATTERN`, `device=PATTERN` or a bare pattern for either.
        shots: `one`: of the pictures that names show to be one shot, the finished one counts;
            `keep-all`: each is a take. A manifest's rows all count, and are warned of.
        prefer: of a RAW file and the picture beside it, the one that counts.
        devices: other names of devices, which are replaced by those that hold.
    """

    root: AnyPath | None
    manifest: AnyPath | None = None
    layout: str = DEFAULT_LAYOUT
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    shots: Shots = "one"
    prefer: Prefer = "picture"
    devices: tuple[DeviceName, ...] = ()


@dataclass(frozen=True, slots=True)
class RankSettings:
    """Rules by which scores become ranks.

    Attributes:
        by: the competitor; None: device + firmware where the layout knows the firmware.
        tie_jod: gaps below this many JOD are ties.
        reference: `DEVICE` or `DEVICE@FIRMWARE` that gaps are against; None: the league's mean.
        min_scenes: devices with fewer are listed, not ranked; None: 2 where there are 5 or more.
        min_captures: the same for captures.
    """

    by: By | None = None
    tie_jod: float = DEFAULT_TIE_JOD
    reference: str | None = None
    min_scenes: int | None = None
    min_captures: int = 1


@dataclass(frozen=True, slots=True)
class GivenSettings:
    """Scores that exist already.

    Attributes:
        file: CSV or Parquet file with path, scene, device and score.
        scale: what the scores are: `jod`, `mos`, or `relative`: of no known unit.
    """

    file: Path
    scale: GivenScale = "relative"


@dataclass(frozen=True, slots=True)
class ExpectSettings:
    """Devices, scenes and takes that a run must have.

    Attributes:
        devices, scenes: their names; None: those of the run.
        takes: captures of every device in every scene.
        base: folder of a run with the captures that are expected, in place of lists.
        file: name of the settings file, for messages.
    """

    devices: tuple[str, ...] | None = None
    scenes: tuple[str, ...] | None = None
    takes: int = 1
    base: Path | None = None
    file: str = "piqa.toml"


@dataclass(frozen=True, slots=True)
class RunSettings:
    """One `rank` run.

    Attributes:
        find: which files are captures.
        out: folder of the run.
        score: how to score.
        rank: how scores become ranks.
        gates: limits to hold.
        acknowledge: patterns of warnings that are known and accepted.
        csv: whether to write every table as CSV too.
        pictures: what the pages show: nothing, thumbnails, or the working pixels too.
        crops_mb: how much crops of the original pixels may take, in millions of bytes.
        command: the command line.
        given: scores to rank instead of pictures; None: score the pictures.
        expect: what the run must have; None: nothing is expected.
        further: models that score the same captures beside that of `score`.
        combine: how an ensemble of all models is made; None: there is none.
        notes_from: folder of the run before, whose notes are taken along; None: there is none.
        title: of the run, for people; None: pages say the name of what was ranked.
        engine: what computes the scores; without effect on them, so tables don't show it.
        ray: for the engine `ray`.
    """

    find: FindSettings
    out: Path
    score: ScoreSettings = ScoreSettings()
    rank: RankSettings = RankSettings()
    gates: tuple[GateRule, ...] = ()
    csv: bool = False
    pictures: Pictures = "full"
    crops_mb: float = DEFAULT_CROPS_MB
    command: tuple[str, ...] = ()
    given: GivenSettings | None = None
    expect: ExpectSettings | None = None
    acknowledge: tuple[str, ...] = ()
    further: tuple[ModelChoice, ...] = ()
    combine: Combine | None = None
    title: str | None = None
    notes_from: Path | None = None
    engine: EngineName = "local"
    ray: RaySettings = RaySettings()

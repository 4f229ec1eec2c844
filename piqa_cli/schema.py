"""Every column of every table, declared once: name, type, unit and meaning.

The Parquet files, the page headings and the README's column tables come from here.
"""

from __future__ import annotations

from typing import Literal

from piqa_cli.columns import Column as Column  # exported here too, for readers of tables
from piqa_cli.columns import ColumnType as ColumnType
from piqa_cli.errors import PiqaError
from piqa_cli.models.catalogue import MODELS, model_of

SCHEMA_VERSION = 1

TableName = Literal[
    "captures", "scene_ranks", "device_ranks", "pairs", "fault_profile", "timings", "agreement"
]


def _exif(name: str, type_: ColumnType, meaning: str, unit: str = "", heading: str = "") -> Column:
    return Column(f"exif_{name}", type_, meaning, unit, heading or name.replace("_", " "))


EXIF_COLUMNS: tuple[Column, ...] = (
    _exif("make", "string", "phone or camera maker", heading="Make"),
    _exif("model", "string", "phone or camera model", heading="Model"),
    _exif("software", "string", "firmware build that wrote the file", heading="Software"),
    _exif("lens_make", "string", "lens maker", heading="Lens make"),
    _exif("lens_model", "string", "lens model", heading="Lens"),
    _exif("exposure_time_s", "float64", "exposure time", "s", "Exposure time"),
    _exif("aperture_f_number", "float64", "aperture as f-number", "", "Aperture"),
    _exif("iso", "float64", "photographic sensitivity", "ISO", "ISO"),
    _exif("exposure_bias_ev", "float64", "exposure compensation", "EV", "Exposure bias"),
    _exif("brightness_ev", "float64", "scene brightness (APEX Bv)", "EV", "Brightness"),
    _exif("exposure_program", "string", "exposure program", heading="Exposure program"),
    _exif("exposure_mode", "string", "automatic, manual or bracket", heading="Exposure mode"),
    _exif("metering_mode", "string", "metering mode", heading="Metering"),
    _exif("flash", "string", "whether the flash fired", heading="Flash"),
    _exif("white_balance", "string", "automatic or manual", heading="White balance"),
    _exif("light_source", "string", "light source set in the camera", heading="Light source"),
    _exif("focal_length_mm", "float64", "focal length", "mm", "Focal length"),
    _exif("focal_length_35mm_mm", "float64", "35 mm equivalent", "mm", "Focal length (35 mm eq.)"),
    _exif("digital_zoom_ratio", "float64", "digital zoom", "x", "Digital zoom"),
    _exif("scene_capture_type", "string", "standard, portrait, night ...", heading="Capture type"),
    _exif("custom_rendered", "string", "special processing (HDR, portrait)", heading="Rendering"),
    _exif("composite_image", "string", "composed of several exposures", heading="Composite"),
    _exif("captured_at", "string", "camera's clock, ISO 8601", heading="Captured at"),
    _exif("orientation", "int64", "orientation tag as stored, 1..8", heading="Orientation tag"),
    _exif("color_space", "string", "EXIF colour space", heading="Colour space"),
    _exif("ev100", "float64", "log2(N^2/t) - log2(ISO/100), derived", "EV", "EV at ISO 100"),
    _exif("reader", "string", "which reader spoke", heading="EXIF reader"),
    _exif("error", "string", "what the EXIF readers stumbled over", heading="EXIF error"),
)

CAPTURES: tuple[Column, ...] = (
    Column(
        "path", "string", "file, relative to CAPTURES or the manifest", "", "File", nullable=False
    ),
    Column("scene", "string", "scene", heading="Scene"),
    Column("device", "string", "device as the layout or [devices] names it", heading="Device"),
    Column("firmware", "string", "firmware where the layout knows it", heading="Firmware"),
    Column("condition", "string", "condition of the scene", heading="Condition"),
    Column("take", "string", "take where the layout knows it", heading="Take"),
    Column("jod", "float64", "human rating of the manifest; never ranked by", "JOD", "Human JOD"),
    Column("status", "string", "ok, failed or skipped", heading="Status", nullable=False),
    Column(
        "stage",
        "string",
        "stage at which it failed; discover: a folder without captures",
        heading="Stage",
    ),
    Column("reason", "string", "why it failed or was skipped", heading="Reason"),
    Column("warning", "string", "what is odd, damaged or looks like a mix-up", heading="Warning"),
    Column("damage", "string", "what is wrong with pixels scored all the same", heading="Damage"),
    Column("score", "float64", "higher is better, within one scene only", "", "Score"),
    Column("score_sd", "float64", "standard deviation of a given score, as stated", "", "Score SD"),
    Column("view_scores", "list<float64>", "scores of the single views", "", "View scores"),
    Column("view_spread", "float64", "standard deviation of view_scores", "", "View spread"),
    *dict.fromkeys(column for model in MODELS.values() for column in model.explanations),
    Column("model", "string", "model that spoke, or given: scores that were given", "", "Model"),
    Column("weights_sha256", "string", "SHA-256 of its weights", heading="Weights SHA-256"),
    Column("preprocessing", "string", "version of the preprocessing", heading="Preprocessing"),
    Column("precision", "string", "fp32 or bf16", heading="Precision"),
    Column("working_size", "string", "shorter side in px, or native", "px", "Working size"),
    Column("fingerprint", "string", "SHA-256 of all that makes the score", heading="Fingerprint"),
    Column("face_source", "string", "detect, given or none", heading="Face from"),
    Column("face_x0", "float64", "left of the face box, upright original", "px", "Face x0"),
    Column("face_y0", "float64", "top of the face box, upright original", "px", "Face y0"),
    Column("face_x1", "float64", "right of the face box, upright original", "px", "Face x1"),
    Column("face_y1", "float64", "bottom of the face box, upright original", "px", "Face y1"),
    Column("face_confidence", "float64", "detector confidence, 0..1", "", "Face confidence"),
    Column("n_faces", "int64", "faces the detector found", "", "Faces"),
    Column("no_face", "bool", "no face: the whole picture stood in", heading="No face"),
    Column(
        "face_match",
        "string",
        "same, corrected or unclear: is it the scene's face",
        heading="Scene's face",
    ),
    Column("sha256", "string", "SHA-256 of the file", heading="SHA-256"),
    Column("bytes", "int64", "file size", "bytes", "File size"),
    Column("format", "string", "picture format by content", heading="Format"),
    Column("decoder", "string", "library that made the pixels", heading="Decoder"),
    Column("width_px", "int64", "width of the upright original", "px", "Width"),
    Column("height_px", "int64", "height of the upright original", "px", "Height"),
    Column("working_width_px", "int64", "width that was scored", "px", "Working width"),
    Column("working_height_px", "int64", "height that was scored", "px", "Working height"),
    Column("bit_depth", "int64", "bits per channel in the file", "bit", "Bit depth"),
    Column(
        "icc_profile",
        "string",
        "colours stated: embedded, else by code, chunk or EXIF",
        heading="Colour profile",
    ),
    Column("has_gain_map", "bool", "HDR gain map met; SDR base scored", heading="Gain map"),
    Column("pixels_sha256", "string", "SHA-256 of the scored pixels", heading="Pixels SHA-256"),
    *EXIF_COLUMNS,
)

_RANKS: tuple[Column, ...] = (
    Column("n_captures", "int64", "captures scored", "", "Captures", nullable=False),
    Column("score", "float64", "", "", "Score", nullable=False),
    Column("ci_low", "float64", "95 % interval, low end; null: can't be known", "", "Low"),
    Column("ci_high", "float64", "95 % interval, high end; null: can't be known", "", "High"),
    Column("rank", "int64", "position by score, 1 is best", "", "Rank", nullable=False),
    Column("rank_low", "int64", "best rank that the data allow", "", "Best rank", nullable=False),
    Column(
        "rank_high", "int64", "worst rank that the data allow", "", "Worst rank", nullable=False
    ),
)


def _ranks(score_meaning: str) -> tuple[Column, ...]:
    count, score, *rest = _RANKS
    return (
        count,
        Column(score.name, score.type, score_meaning, score.unit, score.heading, nullable=False),
        *rest,
    )


SCENE_RANKS: tuple[Column, ...] = (
    Column("scene", "string", "scene", heading="Scene", nullable=False),
    Column("condition", "string", "condition of the scene", heading="Condition"),
    Column("device", "string", "device", heading="Device", nullable=False),
    Column("firmware", "string", "firmware where it competes too", heading="Firmware"),
    *_ranks("mean score of the captures, within this scene only"),
    Column(
        "gap_to_scene_mean",
        "float64",
        "score minus the mean of the scene's devices",
        heading="Gap to scene mean",
        nullable=False,
    ),
    Column("worst_score", "float64", "score of the worst capture", "", "Worst", nullable=False),
    Column("spread", "float64", "standard deviation between captures", "", "Spread"),
)

DEVICE_RANKS: tuple[Column, ...] = (
    Column("condition", "string", "null: all scenes; else the scenes of it", heading="Condition"),
    Column(
        "league",
        "int64",
        "devices linked by shared scenes; leagues aren't comparable",
        heading="League",
        nullable=False,
    ),
    Column("device", "string", "device", heading="Device", nullable=False),
    Column("firmware", "string", "firmware where it competes too", heading="Firmware"),
    Column("n_scenes", "int64", "scenes with a score", "", "Scenes", nullable=False),
    *_ranks("device effect of the additive model, relative to the league's mean"),
    Column(
        "preference",
        "float64",
        "model preference over the reference, else over the league's mean device, 0..1",
        heading="Preference",
    ),
    Column("reference", "string", "what gap is against; null: league's mean", heading="Reference"),
    Column("gap", "float64", "score minus that of the reference", heading="Gap"),
    Column("gap_low", "float64", "95 % interval of the gap, low end", heading="Gap, low"),
    Column("gap_high", "float64", "95 % interval of the gap, high end", heading="Gap, high"),
    Column("take_sd", "float64", "standard deviation between takes, pooled", heading="Take SD"),
    Column("take_df", "int64", "its degrees of freedom", heading="Take df", nullable=False),
    Column("worst_gap", "float64", "worst capture minus the level of its scene", heading="Worst"),
    Column("worst_capture", "string", "file of that capture", heading="Worst capture"),
    Column("note", "string", "why a rank, an interval or a preference is missing", heading="Note"),
    Column(
        "ranked",
        "bool",
        "false: too few scenes or captures, see note; rank columns are then one after the last",
        heading="Ranked",
    ),
    Column(
        "residual_sd",
        "float64",
        "standard deviation of its scores around the model, over scenes",
        heading="Over scenes",
    ),
    Column("residual_df", "float64", "its degrees of freedom", heading="Residual df"),
    Column(
        "uneven",
        "bool",
        "residual_sd clearly above that of the others (F test, Holm); null: untested",
        heading="Uneven",
    ),
)

PAIRS: tuple[Column, ...] = (
    Column("condition", "string", "null: all scenes; else the scenes of it", heading="Condition"),
    Column("league", "int64", "as in device_ranks", heading="League", nullable=False),
    Column("device_a", "string", "device A, the better in rank", heading="A", nullable=False),
    Column("firmware_a", "string", "firmware of A where it competes", heading="Firmware of A"),
    Column("device_b", "string", "device B", heading="B", nullable=False),
    Column("firmware_b", "string", "firmware of B where it competes", heading="Firmware of B"),
    Column("n_scenes", "int64", "scenes that both have", heading="Scenes", nullable=False),
    Column("difference", "float64", "score of A minus B in device_ranks", heading="A minus B"),
    Column("ci_low", "float64", "95 % interval of it, low end", heading="Low"),
    Column("ci_high", "float64", "95 % interval of it, high end", heading="High"),
    Column("wins", "int64", "scenes in which A is ahead", heading="Wins of A", nullable=False),
    Column("ties", "int64", "scenes with less than a tie apart", heading="Ties", nullable=False),
    Column("losses", "int64", "scenes in which B is ahead", heading="Wins of B", nullable=False),
    Column("preference", "float64", "model preference for A over B, 0..1", heading="Preference"),
    Column("family", "string", "reference or neighbours: tested together", heading="Family"),
    Column("p_value", "float64", "Wilcoxon signed-rank, two-sided", heading="p"),
    Column("p_holm", "float64", "the same by Holm within the family", heading="p (Holm)"),
    Column("note", "string", "why something is missing", heading="Note"),
    Column(
        "shared_difference",
        "float64",
        "mean of A minus B over the scenes that both have",
        heading="In shared scenes",
    ),
)

FAULT_PROFILE: tuple[Column, ...] = (
    Column("condition", "string", "null: all scenes; else the scenes of it", heading="Condition"),
    Column("league", "int64", "as in device_ranks", heading="League", nullable=False),
    Column("device", "string", "device", heading="Device", nullable=False),
    Column("firmware", "string", "firmware where it competes too", heading="Firmware"),
    Column("fault", "string", "one of the faults of fault_costs", heading="Fault", nullable=False),
    Column("n_scenes", "int64", "scenes with costs", heading="Scenes", nullable=False),
    Column(
        "cost",
        "float64",
        "what the fault costs it, minus the mean device, in the same scenes",
        heading="Cost",
        nullable=False,
    ),
    Column("ci_low", "float64", "95 % interval, low end; null: can't be known", "", "Low"),
    Column("ci_high", "float64", "95 % interval, high end; null: can't be known", "", "High"),
)

TIMINGS: tuple[Column, ...] = (
    Column("path", "string", "capture", heading="File", nullable=False),
    Column(
        "stage",
        "string",
        "read, pictures, face, views, score or cache",
        heading="Stage",
        nullable=False,
    ),
    Column("seconds", "float64", "wall time", "s", "Seconds", nullable=False),
)

AGREEMENT: tuple[Column, ...] = (
    Column(
        "kind",
        "string",
        "scene: one scene; mean: over scenes; place: of one device",
        heading="Kind",
        nullable=False,
    ),
    Column("model_a", "string", "model A", heading="A", nullable=False),
    Column("model_b", "string", "model B", heading="B", nullable=False),
    Column("scene", "string", "scene; kind scene only", heading="Scene"),
    Column("condition", "string", "condition of the scene", heading="Condition"),
    Column("device", "string", "device; kind place only", heading="Device"),
    Column("firmware", "string", "firmware where it competes too", heading="Firmware"),
    Column("league", "int64", "as in device_ranks, by A", heading="League"),
    Column("n_devices", "int64", "devices with scores by both, or of the league", "", "Devices"),
    Column("n_scenes", "int64", "scenes that the mean is over", "", "Scenes"),
    Column(
        "tau_b",
        "float64",
        "Kendall's tau-b of the devices' mean scores within the scene, or its mean; -1..1",
        heading="tau",
    ),
    Column("ci_low", "float64", "95 % interval of the mean over scenes, low end", "", "Low"),
    Column("ci_high", "float64", "95 % interval of it, high end", "", "High"),
    Column("rank_a", "int64", "overall rank by A", "", "Rank by A"),
    Column("rank_low_a", "int64", "best rank by A that the data allow", "", "Best by A"),
    Column("rank_high_a", "int64", "worst rank by A that the data allow", "", "Worst by A"),
    Column("rank_b", "int64", "overall rank by B", "", "Rank by B"),
    Column("rank_low_b", "int64", "best rank by B that the data allow", "", "Best by B"),
    Column("rank_high_b", "int64", "worst rank by B that the data allow", "", "Worst by B"),
    Column("apart", "bool", "the two ranges of ranks share no rank", heading="Apart"),
    Column("note", "string", "why something is missing", heading="Note"),
)


def score_column(model: str, title: str) -> Column:
    """The column of captures.parquet for the scores of a further model of the run.

    >>> score_column("rq-net", "RQ-Net").name
    'score_rq_net'
    """
    meaning = f"score by {model} ({title}); higher is better, within one scene only"
    return Column(f"score_{model.replace('-', '_')}", "float64", meaning, "", f"Score by {model}")


def own_columns(model: str) -> tuple[Column, ...]:
    """The columns by which a model of another package explains its scores.

    Those of piqa-cli's models are in CAPTURES.

    Raises:
        PiqaError: one of them is another column of CAPTURES, or can't be one.
    """
    if model in MODELS:
        return ()
    known = {column.name: column for column in CAPTURES}
    columns = model_of(model).explanations
    for column in columns:
        taken = known.get(column.name, column) != column or column.name.startswith("score_")
        if taken or not column.nullable:
            reason = "is one of piqa-cli's" if taken else "must be nullable"
            raise PiqaError(
                f"the model {model!r} explains its scores by the column {column.name!r}, which "
                f"{reason}: its package must change that"
            )
    return tuple(column for column in columns if column.name not in known)


TABLES: dict[TableName, tuple[Column, ...]] = {
    "captures": CAPTURES,
    "scene_ranks": SCENE_RANKS,
    "device_ranks": DEVICE_RANKS,
    "pairs": PAIRS,
    "fault_profile": FAULT_PROFILE,
    "timings": TIMINGS,
}
"""The tables of every run."""

TABLES_OF_SEVERAL_MODELS: dict[TableName, tuple[Column, ...]] = {"agreement": AGREEMENT}
"""Tables that a run has beside them where several models scored."""

ALL_TABLES = TABLES | TABLES_OF_SEVERAL_MODELS

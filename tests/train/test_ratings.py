"""A lab's manifest of ratings."""

from piqa_cli.train.ratings import read_ratings


def test_a_manifest_that_windows_saved_is_read_with_a_warning(tmp_path):
    for column in ("jod", "mos"):
        file = tmp_path / f"{column}.csv"
        rows = "".join(f"{n}.jpg,Café,d{n},{n}\n" for n in range(3))
        file.write_bytes(f"path,scene,device,{column}\n{rows}".encode("cp1252"))
        found = read_ratings(file)
        assert {rated.capture.scene for rated in found.training} == {"Café"}
        assert found.warnings == (
            f"{column}.csv is no UTF-8 text and was read as Windows-1252: save it as CSV UTF-8",
        )

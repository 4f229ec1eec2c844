"""The same person in all captures of a scene: what must be scored again, with which face box."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from piqa_cli.face.scene import FramedFaces, SceneFace, scene_faces
from piqa_cli.records import Capture, Face, FaceCandidate, Failed, Scored
from piqa_cli.records.on_demand import each


def faces_by_scene(results: Sequence[Scored | Failed]) -> dict[str, SceneFace]:
    """Finds the scene's face in every capture, scene by scene.

    Args:
        results: captures scored with the face that the detector's rule chose, or with a given
            one; without a name of a scene a capture stands alone.

    Returns:
        By capture path, where there is a face and a scene.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, result in enumerate(results):
        if isinstance(result, Scored) and result.capture.scene:
            places[result.capture.scene].append(place)
    found: dict[str, SceneFace] = {}
    for own in places.values():  # one scene in memory at a time
        found |= scene_faces(dict(_framed_faces(results[place] for place in own)))
    return found


def _framed_faces(results: Iterable[Scored | Failed]) -> Iterator[tuple[str, FramedFaces]]:
    """Path and faces of each capture that has a face."""
    for result in results:
        if isinstance(result, Scored) and (faces := _framed(result)):
            yield result.capture.path, faces


def _framed(result: Scored) -> FramedFaces | None:
    face, facts = result.face, result.facts
    if face.box is None:
        return None
    size = facts.width_px, facts.height_px
    if face.source == "given":
        return FramedFaces(*size, (FaceCandidate(face.box, 1.0),), 0, given=True)
    if not face.candidates:  # an engine that doesn't report them
        return FramedFaces(*size, (FaceCandidate(face.box, face.confidence or 1.0),), 0)
    boxes = [candidate.box for candidate in face.candidates]
    return FramedFaces(*size, face.candidates, boxes.index(face.box))


def with_box(result: Scored, choice: SceneFace) -> Capture:
    """The capture with the box of the scene's face, to be scored once more."""
    assert choice.index is not None
    return replace(
        result.capture,
        face_source="given",
        given_face=result.face.candidates[choice.index].box,
    )


def joined(
    first: Sequence[Scored | Failed],
    again: Sequence[Scored | Failed],
    choices: Mapping[str, SceneFace],
) -> Sequence[Scored | Failed]:
    """Results with what is known of the scene's face.

    Args:
        first: results with the face that the detector's rule chose.
        again: results with the scene's face of the captures where that is another one.
        choices: by capture path.
    """
    places = {result.capture.path: place for place, result in enumerate(again)}

    def final(result: Scored | Failed) -> Scored | Failed:
        path = result.capture.path
        choice = choices.get(path)
        if choice is None or not isinstance(result, Scored) or result.face.source == "given":
            return result
        if path not in places:
            return replace(result, face=replace(result.face, match=choice.match))
        corrected = again[places[path]]
        if isinstance(corrected, Failed):
            return replace(corrected, capture=result.capture)
        return replace(corrected, capture=result.capture, face=_corrected(result.face, choice))

    return each(first, final)


def _corrected(face: Face, choice: SceneFace) -> Face:
    assert choice.index is not None
    candidate = face.candidates[choice.index]
    return replace(face, box=candidate.box, confidence=candidate.confidence, match=choice.match)

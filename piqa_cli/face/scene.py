"""The face that a scene is about: the same person in every capture of the scene.

Phones frame a scene differently, so faces are compared by where they stand relative to one another:
the faces of a capture may shift and grow together before they are matched with those of the others.
Nothing is recognised; only boxes count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from piqa_cli.face.boxes import area
from piqa_cli.natural import natural_path
from piqa_cli.records import FaceCandidate, FaceMatch

# A false alarm of MTCNN rarely reaches it; a face that the detector's own rule chose counts anyway.
MIN_CONFIDENCE = 0.9
# In a crowd the largest faces are matched: the work grows with the fourth power of their number.
MAX_FACES = 8
# Largest distance of two boxes of one person, in units of `_distances`.
_MAX_DISTANCE = 2.0
# The second nearest person must be this much farther away than the nearest.
_CLEAR = 1.5
# Part of a common shift and growth of all faces that counts as distance: of two matches that fit
# equally well, the one that moves less is right.
_SHIFT_COST = 0.1
_MAX_ZOOM = 2.0  # log2 of focal lengths: from a main camera to its tele lens

Spots = NDArray[np.float64]
"""(faces, 3): centre x, centre y, log2 of the size; all relative to the frame, by the root of its
area, from its middle."""


@dataclass(frozen=True, slots=True)
class FramedFaces:
    """The faces of one capture.

    Attributes:
        width_px, height_px: of the upright original.
        candidates: faces that were found, boxes in its pixels.
        chosen: index of the one that the detector's rule chose.
        given: the box was given, not found: the person is known.
    """

    width_px: int
    height_px: int
    candidates: Sequence[FaceCandidate]
    chosen: int
    given: bool = False


@dataclass(frozen=True, slots=True)
class SceneFace:
    """The scene's face in one capture.

    Attributes:
        index: which candidate it is; None: none of them.
        match: `same`: the rule chose it; `corrected`: the rule chose another one; `unclear`: it
            isn't among the candidates, or two of them may be it.
    """

    index: int | None
    match: FaceMatch


class _Person:
    """One person as the captures that were matched so far show it."""

    def __init__(self, spot: Spots) -> None:
        self.spots = [spot]
        self.given = 0
        self.votes = 0
        self.confidence = 0.0

    def spot(self) -> Spots:
        """Median spot, (3,)."""
        return np.median(self.spots, axis=0)

    def weight(self) -> tuple[float, ...]:
        """Order of persons: given boxes, then choices of the rule, confidence, size."""
        return self.given, self.votes, self.confidence, float(self.spot()[2])


def scene_faces(captures: Mapping[str, FramedFaces]) -> dict[str, SceneFace]:
    """Finds the scene's face in every capture.

    The scene's person is the one whom most captures chose; where boxes were given, theirs.

    Args:
        captures: of one scene, by path; each has at least one face.
    """
    spots = {path: _spots(faces) for path, faces in captures.items()}
    # Captures with most faces first: they show who there is.
    order = sorted(captures, key=lambda path: (-len(spots[path]), natural_path(path)))
    people: list[_Person] = []
    for path in order:
        _add(people, captures[path], spots[path], _match(people, spots[path]))
    main = max(range(len(people)), key=lambda index: people[index].weight(), default=0)
    # Matched once more, now that everyone is known.
    return {path: _answer(captures[path], _match(people, spots[path]), main) for path in captures}


def _answer(faces: FramedFaces, matched: Mapping[int, int], main: int) -> SceneFace:
    if faces.given:
        return SceneFace(faces.chosen, "same")
    place = next((place for place, person in matched.items() if person == main), None)
    if place is None:
        return SceneFace(None, "unclear")
    index = _counted(faces)[place]
    return SceneFace(index, "same" if index == faces.chosen else "corrected")


def _counted(faces: FramedFaces) -> list[int]:
    """Indices of the candidates that count: the chosen one, and the largest of the sure ones."""
    sure = [
        index
        for index, candidate in enumerate(faces.candidates)
        if index != faces.chosen and candidate.confidence >= MIN_CONFIDENCE
    ]
    sure.sort(key=lambda index: -area(faces.candidates[index].box))
    return [faces.chosen, *sure[: MAX_FACES - 1]]


def _spots(faces: FramedFaces) -> Spots:
    boxes = [faces.candidates[index].box for index in _counted(faces)]
    x0, y0, x1, y1 = np.array([(b.x0, b.y0, b.x1, b.y1) for b in boxes], np.float64).T
    unit = np.sqrt(faces.width_px * faces.height_px)
    return np.stack(
        [
            ((x0 + x1) / 2 - faces.width_px / 2) / unit,
            ((y0 + y1) / 2 - faces.height_px / 2) / unit,
            np.log2(np.sqrt((x1 - x0) * (y1 - y0)) / unit),
        ],
        axis=1,
    )


def _add(
    people: list[_Person], faces: FramedFaces, spots: Spots, matched: Mapping[int, int]
) -> None:
    """Adds the faces of a capture to the persons that they match; others are new persons."""
    for place, index in enumerate(_counted(faces)):
        if place in matched:
            person = people[matched[place]]
            person.spots.append(spots[place])
        else:
            person = _Person(spots[place])
            people.append(person)
        if index == faces.chosen:
            person.votes += 1
            person.given += faces.given
        person.confidence += faces.candidates[index].confidence


def _match(people: Sequence[_Person], spots: Spots) -> dict[int, int]:
    """Persons of the faces of one capture: place of the face in `spots` -> index of the person.

    With several faces all may shift and grow together; one face alone is matched where it stands
    (a zoom aside), and only if no other person is nearly as near.
    """
    if not people:
        return {}
    persons = np.array([person.spot() for person in people])
    if len(spots) == 1 or len(persons) == 1:
        return _match_alone(persons, spots)
    moves = [(0.0, 0.0, 0.0), *(_move(spot, person) for spot in spots for person in persons)]
    return min((_assign(persons, spots, move) for move in moves), key=lambda found: found[0])[1]


def _match_alone(persons: Spots, spots: Spots) -> dict[int, int]:
    """One face among several persons, or several faces where one person is known."""
    distances = _distances_zoomed(spots, persons)
    order = np.argsort(distances, axis=None)
    nearest = distances.flat[order[0]]
    near = distances.flat[order[1]] < _CLEAR * nearest if len(order) > 1 else False
    if nearest > _MAX_DISTANCE or near:
        return {}
    place, person = np.unravel_index(order[0], distances.shape)
    return {int(place): int(person)}


def _move(spot: Spots, person: Spots) -> tuple[float, float, float]:
    """Shift and growth (log2) of the frame that bring a face onto a person."""
    growth = person[2] - spot[2]
    factor = 2.0**growth
    return person[0] - spot[0] * factor, person[1] - spot[1] * factor, growth


def _moved(spots: Spots, move: tuple[float, float, float]) -> Spots:
    dx, dy, growth = move
    factor = 2.0**growth
    return spots * (factor, factor, 1.0) + (dx, dy, growth)


def _assign(
    persons: Spots, spots: Spots, move: tuple[float, float, float]
) -> tuple[float, dict[int, int]]:
    """Cost and the best matching after one move; a face without a person costs the most."""
    moved = _moved(spots, move)
    distances = np.minimum(_distances(moved, persons), _MAX_DISTANCE)
    rows, columns = linear_sum_assignment(distances)
    costs = distances[rows, columns]
    matched = {
        int(row): int(column)
        for row, column, cost in zip(rows, columns, costs, strict=True)
        if cost < _MAX_DISTANCE
    }
    alone = len(spots) - len(rows)  # more faces than persons
    shift = np.diag(_distances(spots, moved)).sum()
    return float(costs.sum() + _MAX_DISTANCE * alone + _SHIFT_COST * shift), matched


def _distances(spots: Spots, persons: Spots) -> NDArray[np.float64]:
    """Distances (spots, persons): of centres in mean widths of the face, plus of sizes.

    Doubling the size counts as much as one width aside.
    """
    one, other = spots[:, None, :], persons[None, :, :]
    width = 2.0 ** ((one[..., 2] + other[..., 2]) / 2)
    aside = np.hypot(one[..., 0] - other[..., 0], one[..., 1] - other[..., 1]) / width
    return aside + np.abs(one[..., 2] - other[..., 2])


def _distances_zoomed(spots: Spots, persons: Spots) -> NDArray[np.float64]:
    """Distances where the frame may grow around its middle, as by another focal length."""
    straight = _distances(spots, persons)
    for place, spot in enumerate(spots):
        for index, person in enumerate(persons):
            growth = float(person[2] - spot[2])
            if abs(growth) <= _MAX_ZOOM:
                zoomed = _distances(_moved(spot[None], (0.0, 0.0, growth)), person[None])[0, 0]
                cost = float(zoomed) + _SHIFT_COST * abs(growth)
                straight[place, index] = min(straight[place, index], cost)
    return straight

"""Buildings."""

import numpy as np

from scenes.parts import Part, ellipse, moved, polygon, rectangle, stroke
from scenes.thing import BROWN, CREAM, GOLD, WHITE, Thing, about

LIT = (255, 226, 130)
GATE = (92, 62, 48)


def house(rng: np.random.Generator) -> list[Part]:
    eaves, half = rng.uniform(-0.16, -0.06), about(rng, 0.74)
    return [
        rectangle(0.38, -0.86, 0.62, -0.2, "dark"),
        rectangle(-half, eaves - 0.1, half, 1),
        polygon([(0, -0.95), (1, eaves), (-1, eaves)], "dark"),
        rectangle(-0.5, 0.16, -0.08, 0.56, LIT),
        rectangle(0.14, 0.3, 0.52, 1, BROWN),
        ellipse(0, -0.42, 0.14, fill=LIT, lines=False),
    ]


def castle(rng: np.random.Generator) -> list[Part]:
    top = rng.uniform(-0.36, -0.24)
    gate = np.concatenate([ellipse(0, 0.5, 0.24, 0.26, start=180, end=360).points, [(0.24, 1), (-0.24, 1)]])
    return [
        polygon([(0.02, -1), (0.36, -0.86), (0.02, -0.72)], GOLD),
        rectangle(-0.04, -1, 0.04, -0.5, BROWN, lines=False),
        polygon(_battlements(-0.32, 0.32, -0.6, 0.4), "dark"),
        polygon(_battlements(-0.6, 0.6, 0.04, 1)),
        polygon(_battlements(-1, -0.5, top, 1)),
        polygon(_battlements(0.5, 1, top, 1)),
        polygon(gate, GATE),
        rectangle(-0.83, 0.14, -0.67, 0.44, LIT, lines=False),
        rectangle(0.67, 0.14, 0.83, 0.44, LIT, lines=False),
        rectangle(-0.08, -0.32, 0.08, -0.08, LIT, lines=False),
    ]


def _battlements(left: float, right: float, top: float, bottom: float) -> list[tuple[float, float]]:
    """The corners of a wall with three merlons."""
    merlon = (right - left) / 5
    notches = [(left + step * merlon, top + 0.16 * (step % 4 in (2, 3))) for step in range(6)]
    corners = []
    for step in range(5):
        height = top + (0.16 if step % 2 else 0)
        corners += [(notches[step][0], height), (notches[step + 1][0], height)]
    return [*corners, (right, bottom), (left, bottom)]


def lighthouse(rng: np.random.Generator) -> list[Part]:
    foot, head = about(rng, 0.5), about(rng, 0.28)

    def band(top: float, bottom: float, fill, lines: bool) -> Part:
        at = [head + (foot - head) * (y + 0.42) / 1.42 for y in (top, bottom)]
        return polygon([(-at[0], top), (at[0], top), (at[1], bottom), (-at[1], bottom)], fill, lines)

    return [
        band(-0.42, 1, "main", True),
        band(-0.16, 0.12, WHITE, False),
        band(0.4, 0.7, WHITE, False),
        rectangle(-0.22, -0.74, 0.22, -0.42, LIT),
        rectangle(-0.42, -0.5, 0.42, -0.36, "dark"),
        polygon([(0, -1), (0.36, -0.7), (-0.36, -0.7)], "dark"),
    ]


def tent(rng: np.random.Generator) -> list[Part]:
    peak = rng.uniform(-0.26, -0.14)
    return [
        polygon([(peak, -0.7), (0.5, -0.6), (1, 0.92), (0.4, 1)], "dark"),
        polygon([(peak, -0.74), (0.52, 1), (-1, 1)]),
        polygon([(peak, -0.2), (0.14, 1), (-0.56, 1)], GATE),
        polygon([(peak, -0.2), (-0.3, 1), (-0.6, 1)], "light", lines=False),
    ]


def windmill(rng: np.random.Generator) -> list[Part]:
    turn, beam = rng.uniform(20, 50), (110, 76, 52)
    sail = [
        stroke([(0, 0), (0, -0.8)], 0.09, beam),
        polygon([(0.04, -0.18), (0.3, -0.18), (0.3, -0.8), (0.04, -0.8)], CREAM),
        *(stroke([(0.04, y), (0.3, y)], 0.05, beam, lines=False) for y in (-0.38, -0.6)),
    ]
    return [
        polygon([(-0.34, -0.36), (0.34, -0.36), (0.6, 1), (-0.6, 1)]),
        polygon([(-0.46, 0.26), (0.46, 0.26), (0.49, 0.4), (-0.49, 0.4)], "light", lines=False),
        polygon([(-0.16, 0.56), (0, 0.46), (0.16, 0.56), (0.16, 1), (-0.16, 1)], GATE),
        ellipse(0, -0.34, 0.4, 0.36, "dark", 180, 360),
        *(part for step in range(4) for part in moved(sail, 0, -0.16, turn=turn + 90 * step)),
        ellipse(0, -0.16, 0.12, fill=GOLD),
    ]


BUILDINGS = [
    Thing("house", "houses", ("cottage", "home"), "red", house),
    Thing("castle", "castles", ("fortress", "palace"), "grey", castle),
    Thing("lighthouse", "lighthouses", ("light tower",), "red", lighthouse),
    Thing("tent", "tents", ("camping tent",), "orange", tent),
    Thing("windmill", "windmills", ("wind mill",), "red", windmill),
]

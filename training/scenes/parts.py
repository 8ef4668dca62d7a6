"""What every drawing is made of: filled polygons in a unit square, and the few ways to make them.

Coordinates: x to the right and y down, both in -1..1; a thing fills that square as well as its shape allows and
stands on y = 1.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Part:
    """One filled polygon.

    points: [N, 2]. fill: 'main' (the colour of the caption), 'dark' or 'light' (shades of it), or an RGB colour that
    belongs to the thing whatever the caption says (the black of a tyre). lines: whether styles that draw outlines
    give this part one.
    """

    points: np.ndarray
    fill: str | Colour = "main"
    lines: bool = True


def polygon(points, fill: str | Colour = "main", lines: bool = True) -> Part:
    """A polygon through the given corners."""
    return Part(np.asarray(points, dtype=np.float64), fill, lines)


def rectangle(left, top, right, bottom, fill: str | Colour = "main", lines: bool = True) -> Part:
    """An upright rectangle."""
    return polygon([(left, top), (right, top), (right, bottom), (left, bottom)], fill, lines)


def ellipse(x, y, radius_x, radius_y=None, fill: str | Colour = "main", start=0.0, end=360.0, lines=True) -> Part:
    """An ellipse, or its sector cut off by the chord from `start` to `end`: degrees, clockwise, 0 is to the right."""
    radius_y = radius_x if radius_y is None else radius_y
    angles = np.radians(np.linspace(start, end, 48))
    return polygon(np.stack([x + radius_x * np.cos(angles), y + radius_y * np.sin(angles)], 1), fill, lines)


def stroke(points, width, fill: str | Colour = "main", lines: bool = True) -> Part:
    """A line of even width through the given points, as a polygon with blunt ends."""
    points = np.asarray(points, dtype=np.float64)
    along = np.gradient(points, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    across = np.stack([-along[:, 1], along[:, 0]], 1) * (width / 2)
    return polygon(np.concatenate([points + across, (points - across)[::-1]]), fill, lines)


def curve(points, steps: int = 24) -> np.ndarray:
    """Points on the Bezier curve of three or four control points, for polygons and strokes: [steps, 2]."""
    points = np.asarray(points, dtype=np.float64)
    t = np.linspace(0, 1, steps)[:, None]
    while len(points) > 1:  # de Casteljau
        points = [a + (b - a) * t for a, b in pairwise(points)]
    return points[0]


def moved(parts: list[Part], x=0.0, y=0.0, scale=1.0, turn=0.0, flip=False) -> list[Part]:
    """The parts mirrored if `flip`, turned by `turn` degrees, scaled, then moved."""
    angle = np.radians(turn)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * scale
    if flip:
        matrix = matrix @ np.diag([-1.0, 1.0])
    return [replace(part, points=part.points @ matrix.T + (x, y)) for part in parts]

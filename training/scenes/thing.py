"""What a kind of thing is, and the strokes that several of them share."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scenes.parts import Colour, Part, ellipse

INK = (43, 40, 58)
WHITE = (255, 255, 255)
BEAK = (250, 150, 40)
CREAM = (248, 228, 190)
BROWN = (134, 86, 52)
GREEN = (74, 160, 74)
PINK = (250, 150, 170)
GOLD = (255, 205, 70)
GLASS = (196, 232, 248)
MOUTH = (140, 30, 50)


@dataclass(frozen=True)
class Thing:
    """A kind of thing a caption can name.

    synonyms: other words for one of it, with regular plurals. natural: the colour it has when nobody says another.
    draw: its parts in -1..1, standing on y = 1 and facing right, a little different each time.
    """

    name: str
    plural: str
    synonyms: tuple[str, ...]
    natural: str
    draw: Callable[[np.random.Generator], list[Part]]


def about(rng: np.random.Generator, value: float) -> float:
    """The value, up to 8 % more or less."""
    return value * rng.uniform(0.92, 1.08)


def smooth(points, steps: int = 8) -> np.ndarray:
    """The closed Catmull-Rom curve through the points: [N * steps, 2]."""
    here = np.asarray(points, dtype=np.float64)[:, None]
    before, after, later = (np.roll(here, shift, 0) for shift in (1, -1, -2))
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    cubic = (
        2 * here
        + (after - before) * t
        + (2 * before - 5 * here + 4 * after - later) * t**2
        + (3 * here - before - 3 * after + later) * t**3
    )
    return cubic.reshape(-1, 2) / 2


def mirrored(right_half) -> np.ndarray:
    """The outline whose right half runs from top to bottom through the points."""
    right_half = np.asarray(right_half, dtype=np.float64)
    return np.concatenate([right_half, (right_half * (-1, 1))[::-1]])


def rounded(left, top, right, bottom, radius) -> np.ndarray:
    """The outline of a rectangle with round corners."""
    corners = [(right, top, -90), (right, bottom, 0), (left, bottom, 90), (left, top, 180)]
    quarter = np.linspace(0, 90, 8)
    arcs = []
    for x, y, start in corners:
        angles = np.radians(start + quarter)
        centre = (x + radius if x == left else x - radius, y + radius if y == top else y - radius)
        arcs.append(centre + radius * np.stack([np.cos(angles), np.sin(angles)], 1))
    return np.concatenate(arcs)


def cluster(x: float, y: float, circles, steps: int = 120) -> np.ndarray:
    """The outline of overlapping circles (x, y, radius) as seen from (x, y), which lies in one of them."""
    angles = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    rays = np.stack([np.cos(angles), np.sin(angles)], 1)
    far = np.zeros(steps)
    for centre_x, centre_y, radius in circles:
        offset = np.array([centre_x - x, centre_y - y])
        along = rays @ offset
        inside = radius**2 - offset @ offset + along**2
        far = np.maximum(far, np.where(inside >= 0, along + np.sqrt(np.maximum(inside, 0)), 0))
    return (x, y) + rays * far[:, None]


def eye(x: float, y: float, radius: float, white: Colour = WHITE) -> list[Part]:
    """An eye that can be seen on black and on white, looking a little to the right."""
    return [
        ellipse(x, y, radius, radius * 1.15, white, lines=False),
        ellipse(x + radius * 0.22, y + radius * 0.1, radius * 0.66, radius * 0.8, INK, lines=False),
    ]

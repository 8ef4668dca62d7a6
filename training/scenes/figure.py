"""The body that all people share, from the front. The hand at the viewer's right is free."""

import numpy as np

from scenes.parts import Part, curve, ellipse, polygon, rectangle, stroke
from scenes.thing import GOLD, MOUTH, PINK, eye, mirrored

SKINS = ((255, 222, 194), (244, 196, 156), (206, 146, 104), (142, 94, 66))
HAIRS = ((58, 42, 40), (104, 62, 38), (196, 132, 62), (166, 74, 40))
# Where the free hand is.
HAND = (0.62, 0.14)


def skin_of(rng: np.random.Generator) -> tuple[int, int, int]:
    return SKINS[rng.integers(len(SKINS))]


def hair_of(rng: np.random.Generator) -> tuple[int, int, int]:
    return HAIRS[rng.integers(len(HAIRS))]


def head(skin, ears: bool = True) -> list[Part]:
    """Head, eyes, cheeks and mouth."""
    return [
        *(ellipse(side * 0.36, -0.4, 0.08, 0.1, skin) for side in (-1, 1) if ears),
        ellipse(0, -0.44, 0.37, 0.36, skin),
        ellipse(-0.22, -0.3, 0.075, 0.05, PINK, lines=False),
        ellipse(0.22, -0.3, 0.075, 0.05, PINK, lines=False),
        *eye(-0.14, -0.44, 0.09),
        *eye(0.14, -0.44, 0.09),
        ellipse(0, -0.26, 0.11, 0.1, MOUTH, 0, 180, lines=False),
    ]


def arms(sleeve, skin) -> list[Part]:
    """The left one hangs, the right one is held out."""
    return [
        stroke(curve([(-0.22, 0), (-0.5, 0.1), (-0.54, 0.4)]), 0.2, sleeve),
        stroke(curve([(0.22, 0), (0.46, 0.26), HAND]), 0.2, sleeve),
        ellipse(-0.54, 0.42, 0.11, fill=skin),
        ellipse(*HAND, 0.11, fill=skin),
    ]


def legs(trousers, shoes=(70, 56, 62)) -> list[Part]:
    return [
        rectangle(-0.31, 0.5, -0.03, 0.92, trousers),
        rectangle(0.03, 0.5, 0.31, 0.92, trousers),
        ellipse(-0.19, 0.94, 0.19, 0.08, shoes),
        ellipse(0.19, 0.94, 0.19, 0.08, shoes),
    ]


def coat(hem: float = 0.64, wide: float = 0.4, fill="main") -> Part:
    """From the shoulders down to the hem."""
    return polygon(mirrored([(0.14, -0.14), (0.32, -0.06), (wide, hem)]), fill)


def royal_crown(y: float, half: float) -> list[Part]:
    points = [(0, y - 0.34), (0.24 * half, y - 0.14), (0.66 * half, y - 0.3), (half, y - 0.12), (half * 0.9, y + 0.08)]
    return [
        polygon(mirrored(points), GOLD),
        ellipse(0, y - 0.02, 0.06, fill=(226, 52, 80), lines=False),
        ellipse(-half * 0.55, y, 0.045, fill=(70, 180, 230), lines=False),
        ellipse(half * 0.55, y, 0.045, fill=(70, 180, 230), lines=False),
    ]

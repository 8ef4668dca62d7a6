"""Faces drawn on a disc."""

import numpy as np

from scenes.parts import Part, curve, ellipse, polygon, rectangle, stroke
from scenes.thing import INK, MOUTH, WHITE, Thing, eye, smooth


def smiley(rng: np.random.Generator) -> list[Part]:
    grin = rng.uniform(0.52, 0.62)
    return [
        ellipse(0, 0, 1),
        *eye(-0.36, -0.28, 0.22),
        *eye(0.34, -0.28, 0.22),
        ellipse(0, 0.2, grin, grin, MOUTH, 0, 180, lines=False),
        rectangle(-grin * 0.84, 0.2, grin * 0.84, 0.34, WHITE, lines=False),
    ]


def sad_face(rng: np.random.Generator) -> list[Part]:
    low = rng.uniform(0.6, 0.68)
    return [
        ellipse(0, 0, 1),
        *eye(-0.36, -0.14, 0.2),
        *eye(0.34, -0.14, 0.2),
        stroke([(-0.66, -0.42), (-0.2, -0.62)], 0.12, INK, lines=False),
        stroke([(0.66, -0.42), (0.2, -0.62)], 0.12, INK, lines=False),
        stroke(curve([(-0.46, low), (-0.3, 0.26), (0.3, 0.26), (0.46, low)]), 0.15, MOUTH, lines=False),
        polygon(smooth([(-0.5, 0.12), (-0.38, 0.4), (-0.5, 0.54), (-0.62, 0.4)]), (120, 200, 250), lines=False),
    ]


FACES = [
    Thing("smiley", "smileys", ("happy face", "smiling face", "smiley face"), "yellow", smiley),
    Thing("sad face", "sad faces", ("crying face", "unhappy face", "frowning face"), "blue", sad_face),
]

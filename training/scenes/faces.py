"""Faces, of people and drawn on a disc."""

import numpy as np

from scenes.parts import Part, curve, ellipse, polygon, rectangle, stroke
from scenes.thing import INK, MOUTH, PINK, WHITE, Thing, about, eye, mirrored, smooth

SKINS = ((255, 222, 194), (244, 196, 156), (206, 146, 104), (142, 94, 66))


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


def features(skin: tuple[int, int, int]) -> list[Part]:
    """Face, eyes, cheeks and mouth of a person."""
    return [
        ellipse(0, -0.2, 0.5, 0.52, skin),
        ellipse(-0.3, 0, 0.1, 0.07, PINK, lines=False),
        ellipse(0.3, 0, 0.1, 0.07, PINK, lines=False),
        *eye(-0.2, -0.18, 0.12),
        *eye(0.2, -0.18, 0.12),
        ellipse(0, 0.06, 0.15, 0.15, MOUTH, 0, 180, lines=False),
    ]


def girl(rng: np.random.Generator) -> list[Part]:
    skin, long = SKINS[rng.integers(len(SKINS))], about(rng, 0.66)
    hair = [(0.1, -1), (0.5, -0.88), (0.76, -0.4), (0.82, 0.2), (0.74, long), (0.4, 0.56)]
    fringe = [(0, -0.98), (0.42, -0.86), (0.6, -0.3), (0.46, -0.26), (0.1, -0.52), (-0.44, -0.24), (-0.6, -0.3)]
    return [
        polygon(smooth(mirrored(hair)), "dark"),
        polygon(mirrored([(0.14, 0.4), (0.5, 0.52), (0.78, 1)])),
        rectangle(-0.14, 0.2, 0.14, 0.5, skin, lines=False),
        polygon([(-0.24, 0.44), (0.24, 0.44), (0, 0.74)], skin, lines=False),
        *features(skin),
        polygon(smooth([*fringe, (-0.42, -0.86)]), "dark", lines=False),
        polygon([(0.32, -0.86), (0.72, -1), (0.72, -0.6)], PINK),
        polygon([(0.5, -0.8), (0.1, -1), (0.14, -0.62)], PINK),
    ]


def boy(rng: np.random.Generator) -> list[Part]:
    skin, high = SKINS[rng.integers(len(SKINS))], rng.uniform(-1, -0.9)
    tuft = [(-0.58, -0.2), (-0.6, -0.7), (-0.2, high), (0.3, high), (0.6, -0.7), (0.58, -0.2), (0.4, -0.46)]
    return [
        ellipse(-0.52, -0.14, 0.12, 0.16, skin),
        ellipse(0.52, -0.14, 0.12, 0.16, skin),
        polygon(smooth(mirrored([(0.3, 0.36), (0.8, 0.5), (0.96, 0.98), (0.5, 1)]))),
        rectangle(-0.16, 0.2, 0.16, 0.46, skin, lines=False),
        ellipse(0, 0.4, 0.26, 0.18, skin, 0, 180, lines=False),
        *features(skin),
        polygon(smooth([*tuft, (0.1, -0.56), (-0.36, -0.46)]), "dark"),
        rectangle(-0.9, 0.76, 0.9, 0.88, "light", lines=False),
    ]


FACES = [
    Thing("smiley", "smileys", ("happy face", "smiling face", "smiley face"), "yellow", smiley),
    Thing("sad face", "sad faces", ("crying face", "unhappy face", "frowning face"), "blue", sad_face),
    Thing("girl", "girls", ("woman", "lady", "girl with long hair"), "pink", girl),
    Thing("boy", "boys", ("man", "guy", "boy with short hair"), "blue", boy),
]

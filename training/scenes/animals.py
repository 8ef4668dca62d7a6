"""Animals on land and in the air."""

import numpy as np

from scenes.parts import Part, curve, ellipse, moved, polygon, stroke
from scenes.thing import BEAK, INK, PINK, WHITE, Thing, about, eye, mirrored, smooth


def cat(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.6)
    tail = curve([(0.3, 0.85), (1.05, 0.95), (0.6, 0.25), (0.88, 0.02)])
    ear = [(wide, -1), (wide * 0.98, -0.35), (0.12, -0.72)]
    inner = [(wide * 0.88, -0.82), (wide * 0.86, -0.55), (wide * 0.5, -0.66)]
    return [
        stroke(tail, 0.2, "dark"),
        polygon(smooth(mirrored([(0.2, -0.1), (0.42, 0.3), (0.56, 0.75), (0.44, 1), (0.1, 1)]))),
        ellipse(0, 0.66, 0.24, 0.34, "light", lines=False),
        polygon(ear),
        polygon(np.array(ear) * (-1, 1)),
        polygon(inner, PINK, lines=False),
        polygon(np.array(inner) * (-1, 1), PINK, lines=False),
        ellipse(0, -0.3, wide + 0.04, 0.48),
        ellipse(0, -0.1, 0.3, 0.2, "light", lines=False),
        *eye(-0.27, -0.36, 0.15),
        *eye(0.23, -0.36, 0.15),
        polygon([(-0.11, -0.19), (0.11, -0.19), (0, -0.06)], PINK, lines=False),
    ]


def dog(rng: np.random.Generator) -> list[Part]:
    ear = about(rng, 0.5)
    body = [
        (-0.82, 0.1),
        (-0.6, -0.06),
        (0.2, 0),
        (0.46, 0.1),
        (0.46, 0.5),
        (0.2, 0.66),
        (-0.6, 0.66),
        (-0.84, 0.45),
    ]
    head = [
        (0.05, -0.6),
        (0.2, -0.9),
        (0.52, -0.9),
        (0.68, -0.58),
        (0.94, -0.46),
        (0.96, -0.2),
        (0.7, -0.06),
        (0.3, 0.1),
        (0.08, -0.1),
    ]
    return [
        stroke(curve([(-0.7, 0.2), (-0.96, 0), (-0.88, -0.4)]), 0.18, "dark"),
        polygon([(-0.5, 0.4), (-0.24, 0.4), (-0.24, 1), (-0.5, 1)], "dark"),
        polygon([(0.04, 0.4), (0.28, 0.4), (0.28, 1), (0.04, 1)], "dark"),
        polygon([(-0.82, 0.3), (-0.54, 0.3), (-0.54, 1), (-0.82, 1)]),
        polygon([(0.22, 0.3), (0.48, 0.3), (0.48, 1), (0.22, 1)]),
        polygon(smooth(body)),
        polygon(smooth(head)),
        ellipse(0.74, -0.2, 0.2, 0.15, "light", lines=False),
        polygon(
            smooth(
                [
                    (0.22, -0.86),
                    (0.34, -0.6),
                    (0.26, -0.82 + ear + 0.3),
                    (0.04, -0.86 + ear + 0.26),
                    (-0.02, -0.5),
                ]
            ),
            "dark",
        ),
        *eye(0.5, -0.56, 0.12),
        ellipse(0.88, -0.4, 0.12, 0.1, INK, lines=False),
    ]


def rabbit(rng: np.random.Generator) -> list[Part]:
    lean = rng.uniform(6, 16)
    ear = [ellipse(0, -0.34, 0.18, 0.42), ellipse(0, -0.34, 0.09, 0.28, PINK, lines=False)]
    return [
        *moved(ear, -0.2, -0.22, turn=-lean),
        *moved(ear, 0.2, -0.22, turn=lean),
        ellipse(0.46, 0.74, 0.2, 0.2, "light"),
        ellipse(0, 0.62, 0.5, 0.38),
        ellipse(0, 0.68, 0.28, 0.26, "light", lines=False),
        ellipse(-0.32, 0.9, 0.22, 0.1, "dark"),
        ellipse(0.32, 0.9, 0.22, 0.1, "dark"),
        ellipse(0, -0.02, 0.5, 0.4),
        *eye(-0.22, -0.1, 0.13),
        *eye(0.19, -0.1, 0.13),
        ellipse(0, 0.1, 0.1, 0.07, PINK, lines=False),
        polygon([(-0.09, 0.17), (0.09, 0.17), (0.09, 0.31), (-0.09, 0.31)], WHITE, lines=False),
    ]


def bird(rng: np.random.Generator) -> list[Part]:
    high = rng.uniform(-1, -0.86)
    wing = [
        (0.2, 0.2),
        (0.12, -0.3),
        (-0.3, high),
        (-0.66, high + 0.12),
        (-0.56, -0.3),
        (-0.4, 0.1),
        (-0.1, 0.32),
    ]
    body = [
        (0.72, -0.25),
        (0.66, 0.3),
        (0.3, 0.68),
        (-0.2, 0.66),
        (-0.6, 0.42),
        (-0.3, 0.12),
        (0.1, -0.05),
        (0.36, -0.42),
        (0.6, -0.46),
    ]
    return [
        polygon([(-0.4, 0.3), (-1, 0.2), (-0.88, 0.5), (-1, 0.78), (-0.3, 0.6)], "dark"),
        polygon([(0.66, -0.3), (1, -0.1), (0.64, 0.06)], BEAK),
        polygon(smooth(body)),
        ellipse(0.24, 0.42, 0.32, 0.2, "light", lines=False),
        polygon(smooth(wing), "dark"),
        *eye(0.5, -0.2, 0.13),
    ]


def butterfly(rng: np.random.Generator) -> list[Part]:
    top, low = about(rng, 0.88), about(rng, 0.6)
    wing = [
        polygon(smooth([(0.04, 0.1), (0.2, -0.45), (top * 0.85, -0.92), (top, -0.4), (0.7, 0.05)])),
        polygon(smooth([(0.04, 0.05), (0.5, 0.06), (low + 0.14, 0.4), (low, 0.88), (0.26, 0.72)]), "dark"),
        ellipse(0.58, -0.42, 0.2, 0.24, "light", lines=False),
        ellipse(0.46, 0.46, 0.15, 0.17, "light", lines=False),
    ]
    return [
        *wing,
        *moved(wing, flip=True),
        stroke(curve([(0, -0.3), (0.06, -0.75), (0.3, -0.95)]), 0.07, INK, lines=False),
        stroke(curve([(0, -0.3), (-0.06, -0.75), (-0.3, -0.95)]), 0.07, INK, lines=False),
        ellipse(0, 0.12, 0.11, 0.6, (92, 68, 60)),
    ]


def snail(rng: np.random.Generator) -> list[Part]:
    size = rng.uniform(0.64, 0.72)
    turn = np.linspace(0.2, 4.2 * np.pi, 60)
    radius = size * 0.88 * turn / turn[-1]
    x, y = -0.26, 0.82 - size
    foot = [
        (-1, 0.96),
        (-0.6, 0.74),
        (0.2, 0.7),
        (0.46, 0.3),
        (0.5, -0.2),
        (0.8, -0.34),
        (0.96, -0.08),
        (0.9, 0.5),
        (0.66, 0.96),
        (0, 1),
    ]
    return [
        stroke([(0.6, -0.2), (0.5, -0.72)], 0.09, "light"),
        stroke([(0.8, -0.2), (0.9, -0.72)], 0.09, "light"),
        ellipse(0.5, -0.76, 0.1, 0.1, INK, lines=False),
        ellipse(0.9, -0.76, 0.1, 0.1, INK, lines=False),
        polygon(smooth(foot), "light"),
        ellipse(x, y, size),
        stroke(np.stack([x + radius * np.cos(turn), y + radius * np.sin(turn)], 1), 0.1, "dark", lines=False),
        stroke(curve([(0.7, 0.14), (0.8, 0.18), (0.88, 0.06)]), 0.07, INK, lines=False),
    ]


LAND_ANIMALS = [
    Thing("cat", "cats", ("kitten", "kitty"), "orange", cat),
    Thing("dog", "dogs", ("puppy",), "brown", dog),
    Thing("rabbit", "rabbits", ("bunny", "hare"), "grey", rabbit),
    Thing("bird", "birds", ("songbird",), "blue", bird),
    Thing("butterfly", "butterflies", ("moth",), "purple", butterfly),
    Thing("snail", "snails", ("garden snail",), "brown", snail),
]

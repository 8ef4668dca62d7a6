"""Animals of the water."""

import numpy as np

from scenes.parts import Part, curve, ellipse, polygon, stroke
from scenes.thing import BEAK, INK, Thing, about, eye, smooth


def fish(rng: np.random.Generator) -> list[Part]:
    tall = about(rng, 0.56)
    tail = [(-0.45, 0.1), (-0.8, -0.4), (-1, -0.42), (-0.86, 0.1), (-1, 0.62), (-0.8, 0.6)]
    body = [
        (-0.6, 0.1),
        (-0.2, 0.1 - tall * 0.85),
        (0.35, 0.1 - tall),
        (0.85, -0.15),
        (1, 0.1),
        (0.85, 0.35),
        (0.35, 0.1 + tall),
        (-0.2, 0.1 + tall * 0.85),
    ]
    return [
        polygon(smooth(tail), "dark"),
        polygon(smooth([(-0.2, -0.25), (0.0, -0.75), (0.35, -0.72), (0.55, -0.3)]), "dark"),
        polygon(smooth([(0.0, 0.45), (-0.05, 0.88), (0.25, 0.8), (0.35, 0.5)]), "dark"),
        polygon(smooth(body)),
        polygon(
            smooth([(-0.1, -0.3), (0.08, -0.32), (0.16, 0.1), (0.08, 0.52), (-0.1, 0.5), (0.0, 0.1)]),
            "light",
            lines=False,
        ),
        *eye(0.58, -0.06, 0.17),
        stroke(curve([(0.7, 0.34), (0.8, 0.34), (0.9, 0.24)]), 0.07, INK, lines=False),
    ]


def duck(rng: np.random.Generator) -> list[Part]:
    head = about(rng, 0.4)
    body = [
        (-1, -0.1),
        (-0.7, 0.22),
        (-0.2, 0.14),
        (0.3, 0.2),
        (0.7, 0.3),
        (0.74, 0.66),
        (0.4, 0.98),
        (-0.4, 0.98),
        (-0.86, 0.6),
    ]
    return [
        polygon(smooth([(0.6, -0.6), (0.8, -0.54), (1, -0.42), (0.94, -0.26), (0.6, -0.26)]), BEAK),
        polygon([(0.02, -0.4), (0.6, -0.3), (0.7, 0.5), (-0.02, 0.4)], lines=False),
        polygon(smooth(body)),
        ellipse(0.32, -0.98 + head, head, head),
        polygon([(0.1, -0.24), (0.54, -0.24), (0.62, 0.4), (-0.1, 0.4)], lines=False),
        polygon(smooth([(-0.66, 0.3), (-0.1, 0.3), (0.26, 0.44), (0.1, 0.74), (-0.3, 0.76)]), "dark"),
        *eye(0.42, -0.62, 0.14),
    ]


def turtle(rng: np.random.Generator) -> list[Part]:
    high = rng.uniform(-0.6, -0.46)
    shell = np.concatenate(
        [
            curve([(-0.86, 0.5), (-0.86, high - 0.4), (0.56, high - 0.4), (0.56, 0.5)]),
            [(0.56, 0.56), (-0.86, 0.56)],
        ]
    )
    return [
        polygon([(-1, 0.72), (-0.7, 0.36), (-0.6, 0.62)], "light"),
        ellipse(-0.5, 0.76, 0.2, 0.24, "light"),
        ellipse(0.26, 0.76, 0.2, 0.24, "light"),
        polygon(
            smooth(
                [
                    (0.3, 0.66),
                    (0.5, 0.2),
                    (0.6, -0.14),
                    (0.86, -0.16),
                    (1, 0.1),
                    (0.9, 0.32),
                    (0.72, 0.44),
                    (0.5, 0.74),
                ]
            ),
            "light",
        ),
        polygon(shell),
        ellipse(-0.16, -0.12, 0.24, 0.2, "dark", lines=False),
        ellipse(-0.6, 0.2, 0.14, 0.17, "dark", lines=False),
        ellipse(0.28, 0.2, 0.14, 0.17, "dark", lines=False),
        stroke([(-0.9, 0.54), (0.6, 0.54)], 0.16, "dark"),
        *eye(0.78, 0.06, 0.12),
    ]


def whale(rng: np.random.Generator) -> list[Part]:
    high = rng.uniform(-0.32, -0.22)
    body = [
        (-0.8, -0.06),
        (-0.6, 0.2),
        (-0.2, 0),
        (0.2, high),
        (0.7, high + 0.04),
        (1, 0.3),
        (0.86, 0.8),
        (0.4, 1),
        (-0.2, 0.96),
        (-0.66, 0.66),
    ]
    belly = [(0.98, 0.46), (0.84, 0.82), (0.4, 1), (-0.2, 0.95), (-0.5, 0.76), (0.2, 0.74), (0.6, 0.6)]
    water = (130, 205, 240)
    return [
        stroke(curve([(0.42, -0.3), (0.4, -0.9), (0.1, -0.86), (0.04, -0.6)]), 0.13, water),
        stroke(curve([(0.42, -0.3), (0.44, -0.9), (0.76, -0.86), (0.82, -0.6)]), 0.13, water),
        polygon(
            smooth(
                [
                    (-0.66, 0.1),
                    (-0.8, -0.1),
                    (-1, -0.16),
                    (-0.98, -0.5),
                    (-0.7, -0.3),
                    (-0.46, -0.5),
                    (-0.42, -0.14),
                ]
            ),
            "dark",
        ),
        polygon(smooth(body)),
        polygon(smooth(belly), "light", lines=False),
        polygon(smooth([(0.14, 0.56), (0.36, 0.6), (0.2, 0.9), (-0.06, 0.86)]), "dark"),
        *eye(0.62, 0.26, 0.12),
    ]


WATER_ANIMALS = [
    Thing("fish", "fish", (), "orange", fish),
    Thing("duck", "ducks", ("duckling", "rubber duck"), "yellow", duck),
    Thing("turtle", "turtles", ("tortoise",), "green", turtle),
    Thing("whale", "whales", (), "blue", whale),
]

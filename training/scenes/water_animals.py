"""Animals of the water."""

import numpy as np

from scenes.parts import Part, curve, ellipse, moved, polygon, stroke
from scenes.thing import BEAK, INK, MOUTH, WHITE, Thing, about, eye, mirrored, smooth


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


def shark(rng: np.random.Generator) -> list[Part]:
    fin = rng.uniform(-0.92, -0.8)
    body = [(-0.74, 0.1), (-0.3, -0.2), (0.3, -0.3), (0.8, -0.12), (1, 0.14), (0.8, 0.4), (0.3, 0.56), (-0.3, 0.4)]
    belly = [(0.96, 0.2), (0.8, 0.4), (0.3, 0.56), (-0.3, 0.4), (0.2, 0.3), (0.6, 0.3)]
    teeth = [(0.56 + 0.36 * step / 8, 0.3 + 0.1 * (step % 2) - 0.012 * step) for step in range(9)]
    return [
        polygon([(-0.62, 0.1), (-1, -0.6), (-0.86, 0.1), (-1, 0.6), (-0.6, 0.24)], "dark"),
        polygon(smooth([(-0.16, -0.14), (0.02, fin), (0.14, fin + 0.06), (0.3, -0.2)], 5), "dark"),
        polygon([(0.16, 0.36), (-0.3, 0.9), (0.44, 0.5)], "dark"),
        polygon(smooth(body)),
        polygon(smooth(belly), WHITE, lines=False),
        polygon([(0.52, 0.24), (0.96, 0.16), (0.9, 0.34), (0.6, 0.42)], MOUTH, lines=False),
        polygon([(0.52, 0.24), *[(x, y) for x, y in teeth], (0.96, 0.16)], WHITE, lines=False),
        *(stroke([(x, -0.06), (x - 0.04, 0.2)], 0.05, "dark", lines=False) for x in (0.1, 0.22, 0.34)),
        *eye(0.66, -0.02, 0.1),
    ]


def octopus(rng: np.random.Generator) -> list[Part]:
    sway = rng.uniform(-0.08, 0.08)
    outer = [(0.3, 0.1), (1.0, 0.2), (0.6, 0.86), (0.98 + sway / 4, 0.8)]
    middle = [(0.24, 0.2), (0.56, 0.5), (0.3, 0.9), (0.64, 0.96)]
    inner = [(0.12, 0.2), (0.2, 0.6), (0.02, 0.9), (0.24, 0.98)]
    arms = [stroke(curve(points), wide, fill) for points, wide, fill in ((outer, 0.2, "dark"), (middle, 0.2, "main"))]
    arms.append(stroke(curve(inner), 0.18, "dark"))
    return [
        *arms,
        *moved(arms, flip=True),
        polygon(smooth(mirrored([(0.1, -1), (0.56, -0.78), (0.62, -0.3), (0.44, 0.2), (0.1, 0.36)]))),
        ellipse(-0.3, -0.72, 0.14, 0.1, "light", lines=False),
        *eye(-0.22, -0.3, 0.17),
        *eye(0.22, -0.3, 0.17),
        stroke(curve([(-0.16, 0.02), (0, 0.14), (0.16, 0.02)]), 0.07, INK, lines=False),
    ]


def crab(rng: np.random.Generator) -> list[Part]:
    open_ = rng.uniform(-1, -0.86)
    claw = [(0.62, -0.3), (0.54, -0.7), (0.66, open_), (0.76, -0.62), (0.96, open_ + 0.1), (1, -0.56), (0.8, -0.3)]
    side = [
        *(stroke([(0.4, 0.5), (0.76, y), (0.92, y + 0.3)], 0.12, "dark") for y in (0.3, 0.5, 0.7)),
        stroke(curve([(0.44, 0.3), (0.8, 0.2), (0.76, -0.36)]), 0.17, "dark"),
        polygon(smooth(claw, 5)),
        stroke([(0.22, 0.1), (0.26, -0.3)], 0.09),
    ]
    return [
        *side,
        *moved(side, flip=True),
        ellipse(0, 0.44, 0.64, 0.44),
        ellipse(0, 0.24, 0.36, 0.14, "light", lines=False),
        *eye(-0.26, -0.36, 0.15),
        *eye(0.26, -0.36, 0.15),
        stroke(curve([(-0.24, 0.56), (0, 0.74), (0.24, 0.56)]), 0.07, INK, lines=False),
    ]


WATER_ANIMALS = [
    Thing("fish", "fish", (), "orange", fish),
    Thing("duck", "ducks", ("duckling", "rubber duck"), "yellow", duck),
    Thing("turtle", "turtles", ("tortoise",), "green", turtle),
    Thing("whale", "whales", (), "blue", whale),
    Thing("shark", "sharks", (), "grey", shark),
    Thing("octopus", "octopuses", ("squid",), "purple", octopus),
    Thing("crab", "crabs", (), "red", crab),
]

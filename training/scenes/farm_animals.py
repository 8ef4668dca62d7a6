"""Animals of the farm, from the side."""

import numpy as np

from scenes.parts import Part, curve, ellipse, polygon, rectangle, stroke
from scenes.thing import CREAM, INK, PINK, WHITE, Thing, about, cluster, eye, smooth

HOOF = (66, 54, 54)


def four_legs(left: float, right: float, top: float, wide: float, hoof=HOOF) -> list[Part]:
    """Two legs at each end, the far ones darker; they stand on y = 1."""
    far = [(left + wide * 0.9, "dark"), (right - wide * 1.9, "dark")]
    near = [(left, "main"), (right - wide, "main")]
    return [
        part
        for x, fill in (*far, *near)
        for part in (rectangle(x, top, x + wide, 1, fill), rectangle(x, 0.9, x + wide, 1, hoof, lines=False))
    ]


def horse(rng: np.random.Generator) -> list[Part]:
    body = [(-0.74, 0.02), (-0.34, -0.1), (0.16, -0.04), (0.46, -0.06), (0.48, 0.3), (0.1, 0.44), (-0.5, 0.46)]
    mane = [(0.44, -0.96), (0.22, -0.76), (0.0, -0.3), (-0.08, -0.04), (0.18, -0.04), (0.36, -0.4), (0.48, -0.76)]
    swish = about(rng, 0.72)
    return [
        polygon(smooth([(-0.64, 0.0), (-0.94, 0.1), (-1, swish), (-0.82, swish - 0.06), (-0.8, 0.34)]), "dark"),
        *four_legs(-0.7, 0.46, 0.3, 0.19),
        polygon(smooth([*body, (-0.78, 0.3)])),
        polygon([(0.02, 0.02), (0.34, -0.74), (0.64, -0.6), (0.5, 0.22)], lines=False),
        polygon(smooth([(0.34, -0.88), (0.56, -0.86), (0.98, -0.46), (0.96, -0.24), (0.74, -0.24), (0.48, -0.4)])),
        polygon([(0.36, -0.78), (0.4, -1), (0.54, -0.8)]),
        polygon(smooth(mane), "dark"),
        ellipse(0.88, -0.34, 0.13, 0.13, "light", lines=False),
        ellipse(0.92, -0.38, 0.035, fill=INK, lines=False),
        *eye(0.6, -0.66, 0.09),
    ]


def cow(rng: np.random.Generator) -> list[Part]:
    spot, x = (84, 66, 60), rng.uniform(-0.5, -0.4)
    body = [(-0.82, -0.1), (-0.4, -0.22), (0.2, -0.2), (0.5, -0.1), (0.5, 0.4), (0.1, 0.56), (-0.6, 0.54), (-0.84, 0.4)]
    return [
        stroke(curve([(-0.76, -0.06), (-1, 0.1), (-0.9, 0.56)]), 0.08, "dark"),
        ellipse(-0.9, 0.6, 0.08, 0.13, spot),
        ellipse(-0.36, 0.56, 0.2, 0.12, PINK),
        *four_legs(-0.78, 0.46, 0.4, 0.21),
        polygon(smooth(body)),
        ellipse(x, 0.06, 0.22, 0.17, spot, lines=False),
        ellipse(x + 0.5, 0.26, 0.17, 0.15, spot, lines=False),
        polygon([(0.36, -0.5), (0.3, -0.9), (0.5, -0.68)], CREAM),
        polygon([(0.84, -0.5), (0.9, -0.9), (0.7, -0.68)], CREAM),
        ellipse(0.26, -0.44, 0.17, 0.1, "dark"),
        ellipse(0.92, -0.44, 0.09, 0.1, "dark"),
        polygon(smooth([(0.34, -0.6), (0.6, -0.72), (0.86, -0.6), (0.88, -0.1), (0.6, 0.12), (0.32, -0.1)])),
        ellipse(0.6, -0.06, 0.31, 0.19, PINK),
        ellipse(0.5, -0.06, 0.045, fill=INK, lines=False),
        ellipse(0.72, -0.06, 0.045, fill=INK, lines=False),
        *eye(0.48, -0.42, 0.09),
        *eye(0.72, -0.42, 0.09),
    ]


def pig(rng: np.random.Generator) -> list[Part]:
    round_ = about(rng, 0.5)
    turn = np.linspace(0, 3 * np.pi, 40)
    curl = np.stack([-0.8 - 0.04 * turn / np.pi + 0.1 * np.cos(turn) * 0.8, 0.08 + 0.12 * np.sin(turn)], 1)
    return [
        stroke(curl, 0.07, "dark"),
        *four_legs(-0.66, 0.46, 0.5, 0.23),
        ellipse(-0.12, 0.28, 0.7, round_),
        polygon([(0.2, -0.3), (0.12, -0.76), (0.48, -0.5)], "dark"),
        polygon([(0.62, -0.5), (0.92, -0.74), (0.9, -0.26)], "dark"),
        ellipse(0.52, -0.04, 0.45, 0.44),
        ellipse(0.7, 0.08, 0.23, 0.18, "dark"),
        ellipse(0.62, 0.08, 0.05, 0.08, INK, lines=False),
        ellipse(0.79, 0.08, 0.05, 0.08, INK, lines=False),
        *eye(0.38, -0.18, 0.11),
        *eye(0.72, -0.2, 0.11),
    ]


def sheep(rng: np.random.Generator) -> list[Part]:
    face, size = (84, 70, 72), about(rng, 0.3)
    ring = np.radians(np.arange(9) * 40)
    wool = [(-0.16 + 0.5 * np.cos(a), 0.12 + 0.34 * np.sin(a), size) for a in ring]
    return [
        *(rectangle(x, 0.5, x + 0.15, 1, face) for x in (-0.56, -0.34, 0.0, 0.22)),
        polygon(cluster(-0.16, 0.12, [*wool, (-0.16, 0.12, 0.5)])),
        ellipse(-0.36, 0.06, 0.17, 0.14, "dark", lines=False),
        ellipse(-0.36, 0.02, 0.17, 0.14, lines=False),
        ellipse(0.04, 0.28, 0.17, 0.14, "dark", lines=False),
        ellipse(0.04, 0.24, 0.17, 0.14, lines=False),
        ellipse(0.3, -0.28, 0.18, 0.09, face),
        ellipse(0.9, -0.28, 0.1, 0.09, face),
        polygon(smooth([(0.4, -0.5), (0.6, -0.56), (0.82, -0.48), (0.9, 0.0), (0.66, 0.16), (0.42, 0.0)]), face),
        polygon(cluster(0.6, -0.5, [(0.44, -0.5, 0.15), (0.6, -0.58, 0.17), (0.78, -0.5, 0.15)])),
        *eye(0.52, -0.24, 0.09),
        *eye(0.76, -0.24, 0.09),
        ellipse(0.66, 0.02, 0.09, 0.05, PINK, lines=False),
    ]


def elephant(rng: np.random.Generator) -> list[Part]:
    lift = rng.uniform(0.5, 0.72)
    body = [(-0.9, 0.1), (-0.7, -0.36), (-0.2, -0.5), (0.3, -0.4), (0.4, 0.2), (0.2, 0.6), (-0.6, 0.62), (-0.88, 0.5)]
    trunk = curve([(0.66, -0.1), (1.0, 0.1), (0.72, 0.7), (0.92, lift + 0.1)])
    ear = [(0.1, -0.62), (0.4, -0.6), (0.5, -0.2), (0.36, 0.2), (0.06, 0.24), (-0.12, -0.2)]
    return [
        stroke(curve([(-0.84, 0.0), (-1, 0.2), (-0.92, 0.5)]), 0.08, "dark"),
        *four_legs(-0.84, 0.3, 0.4, 0.27, CREAM),
        polygon(smooth(body)),
        stroke(trunk, 0.24),
        polygon(smooth([(0.6, 0.2), (0.74, 0.44), (0.92, 0.42), (0.74, 0.24)]), WHITE),
        ellipse(0.48, -0.3, 0.42, 0.46),
        polygon(smooth(ear), "dark"),
        polygon(smooth(np.array(ear) * 0.7 + (0.06, -0.06)), PINK, lines=False),
        *eye(0.66, -0.36, 0.1),
    ]


FARM_ANIMALS = [
    Thing("horse", "horses", ("pony",), "brown", horse),
    Thing("cow", "cows", ("bull",), "white", cow),
    Thing("pig", "pigs", ("piglet",), "pink", pig),
    Thing("sheep", "sheep", ("lamb",), "white", sheep),
    Thing("elephant", "elephants", ("baby elephant",), "grey", elephant),
]

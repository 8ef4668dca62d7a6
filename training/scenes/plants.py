"""Plants."""

import numpy as np

from scenes.parts import Part, curve, ellipse, moved, polygon, rectangle, stroke
from scenes.thing import BROWN, CREAM, GOLD, GREEN, PINK, WHITE, Thing, about, cluster, mirrored, smooth


def tree(rng: np.random.Generator) -> list[Part]:
    side = about(rng, 0.46)
    crown = [(0, -0.5, 0.5), (-0.48, -0.1, side), (0.48, -0.1, side), (-0.2, 0.12, 0.36), (0.24, 0.12, 0.36)]
    return [
        polygon([(-0.13, 0.2), (0.13, 0.2), (0.22, 1), (-0.22, 1)], BROWN),
        polygon(cluster(0, -0.2, crown)),
        ellipse(-0.2, -0.52, 0.24, 0.2, "light", lines=False),
        ellipse(0.36, 0.1, 0.24, 0.14, "dark", lines=False),
    ]


def pine(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.78)
    return [
        rectangle(-0.13, 0.6, 0.13, 1, BROWN),
        polygon([(0, -0.2), (wide, 0.74), (-wide, 0.74)]),
        polygon([(0, -0.4), (wide * 0.78, 0.36), (-wide * 0.78, 0.36)], "dark", lines=False),
        polygon([(0, -0.66), (wide * 0.82, 0.24), (-wide * 0.82, 0.24)]),
        polygon([(0, -0.8), (wide * 0.56, -0.12), (-wide * 0.56, -0.12)], "dark", lines=False),
        polygon([(0, -1), (wide * 0.6, -0.24), (-wide * 0.6, -0.24)]),
    ]


def flower(rng: np.random.Generator) -> list[Part]:
    turn = rng.uniform(0, 60)
    petal = ellipse(0, -0.36, 0.26, 0.3)
    leaf = polygon(smooth([(0, 0.94), (0.16, 0.6), (0.6, 0.46), (0.5, 0.82)]), GREEN)
    return [
        stroke([(0, 0), (0, 1)], 0.11, GREEN),
        leaf,
        *moved([leaf], flip=True),
        *(part for step in range(6) for part in moved([petal], 0, -0.34, turn=turn + 60 * step)),
        ellipse(0, -0.34, 0.26, fill="dark", lines=False),
        ellipse(0, -0.34, 0.2, fill=GOLD, lines=False),
    ]


def cactus(rng: np.random.Generator) -> list[Part]:
    left, right = rng.uniform(-0.4, -0.2), rng.uniform(-0.6, -0.4)
    trunk = np.concatenate([ellipse(0, -0.62, 0.3, 0.3, start=180, end=360).points, [(0.3, 1), (-0.3, 1)]])
    return [
        *_arm(-0.74, left, 0.46),
        *_arm(0.74, right, 0.26),
        polygon(trunk),
        stroke([(-0.1, -0.55), (-0.1, 0.9)], 0.07, "dark", lines=False),
        stroke([(0.1, -0.55), (0.1, 0.9)], 0.07, "dark", lines=False),
        ellipse(0, -0.88, 0.17, 0.12, PINK),
    ]


def _arm(x: float, top: float, elbow: float) -> list[Part]:
    bend = curve([(0, elbow), (x * 0.7, elbow), (x, elbow), (x, elbow - 0.3)])
    tip = ellipse(x, top, 0.15, 0.15, start=180, end=360)
    return [
        stroke(bend, 0.3),
        polygon(np.concatenate([tip.points, [(x + 0.15, elbow - 0.26), (x - 0.15, elbow - 0.26)]])),
    ]


def mushroom(rng: np.random.Generator) -> list[Part]:
    foot = about(rng, 0.3)
    cap = np.concatenate(
        [curve([(-1, 0.2), (-0.96, -1.25), (0.96, -1.25), (1, 0.2)]), curve([(1, 0.2), (0, 0.44), (-1, 0.2)])]
    )
    return [
        polygon(
            smooth([(-0.2, 0.1), (0.2, 0.1), (0.24, 0.6), (foot, 0.94), (0, 1), (-foot, 0.94), (-0.24, 0.6)]),
            CREAM,
        ),
        polygon(curve([(-1, 0.2), (0, 0.5), (1, 0.2)]), "dark", lines=False),
        polygon(cap),
        ellipse(-0.06, -0.5, 0.22, 0.2, WHITE, lines=False),
        ellipse(-0.6, -0.04, 0.17, 0.17, WHITE, lines=False),
        ellipse(0.54, -0.16, 0.2, 0.19, WHITE, lines=False),
    ]


def leaf(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.92)
    half = curve([(0, -1), (wide * 0.7, -0.7), (wide * 1.2, 0.2), (0, 0.72)])
    vein = [(y, wide * width) for y, width in ((0.4, 0.42), (0.0, 0.5), (-0.38, 0.36))]
    blade = [
        polygon(mirrored(half)),
        polygon(half, "light", lines=False),
        *(stroke([(0, y), (side * x, y - 0.3)], 0.07, "dark", lines=False) for y, x in vein for side in (-1, 1)),
        stroke([(0, -0.7), (0, 1)], 0.1, "dark", lines=False),
    ]
    return moved(blade, turn=rng.uniform(8, 22), scale=0.95)


PLANTS = [
    Thing("tree", "trees", ("oak tree", "oak"), "green", tree),
    Thing("pine", "pines", ("fir", "fir tree", "pine tree", "christmas tree"), "green", pine),
    Thing("flower", "flowers", ("blossom", "daisy"), "pink", flower),
    Thing("cactus", "cacti", ("saguaro",), "green", cactus),
    Thing("mushroom", "mushrooms", ("toadstool",), "red", mushroom),
    Thing("leaf", "leaves", (), "green", leaf),
]

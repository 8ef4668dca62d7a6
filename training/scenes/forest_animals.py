"""Animals of the forest and the wild, mostly sitting and seen from the front."""

import numpy as np

from scenes.farm_animals import four_legs
from scenes.parts import Part, curve, ellipse, moved, polygon, stroke
from scenes.thing import BEAK, CREAM, INK, PINK, WHITE, Thing, about, cluster, eye, mirrored, smooth

FACE = (252, 222, 186)


def both(part: Part) -> list[Part]:
    """The part, and its mirror image."""
    return [part, *moved([part], flip=True)]


def fox(rng: np.random.Generator) -> list[Part]:
    up = rng.uniform(-0.1, 0.06)
    tail = [(0.2, 0.94), (0.7, 1), (1, 0.56), (0.86, up), (0.62, 0.3), (0.44, 0.66)]
    return [
        polygon(smooth(tail)),
        polygon(smooth([(0.97, 0.42), (0.86, up), (0.66, 0.26), (0.8, 0.36)]), WHITE, lines=False),
        polygon(smooth(mirrored([(0.14, -0.1), (0.36, 0.3), (0.46, 0.8), (0.4, 1), (0.1, 1)]))),
        ellipse(0, 0.4, 0.22, 0.36, WHITE, lines=False),
        *both(ellipse(0.22, 0.95, 0.18, 0.06, INK, lines=False)),
        *both(polygon([(0.66, -1), (0.64, -0.36), (0.12, -0.66)])),
        *both(polygon([(0.66, -1), (0.655, -0.78), (0.48, -0.88)], INK, lines=False)),
        polygon(smooth(mirrored([(0.1, -0.76), (0.44, -0.64), (0.74, -0.26), (0.34, 0.08), (0.07, 0.22)]))),
        *both(polygon(smooth([(0.7, -0.24), (0.34, 0.07), (0.05, 0.19), (0.05, -0.02), (0.3, -0.16)]), WHITE, False)),
        *eye(-0.25, -0.34, 0.12),
        *eye(0.25, -0.34, 0.12),
        ellipse(0, 0.13, 0.11, 0.09, INK, lines=False),
    ]


def bear(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.54)
    return [
        *both(ellipse(0.46, -0.82, 0.18, 0.18)),
        *both(ellipse(0.46, -0.82, 0.1, 0.1, "light", lines=False)),
        ellipse(0, 0.42, wide + 0.04, 0.58),
        *both(ellipse(0.56, 0.34, 0.17, 0.3, "dark")),
        *both(ellipse(0.42, 0.86, 0.22, 0.14, "dark")),
        ellipse(0, 0.48, 0.33, 0.36, "light", lines=False),
        ellipse(0, -0.42, wide, 0.48),
        ellipse(0, -0.24, 0.28, 0.22, "light", lines=False),
        *eye(-0.24, -0.5, 0.11),
        *eye(0.24, -0.5, 0.11),
        ellipse(0, -0.32, 0.12, 0.09, INK, lines=False),
        stroke(curve([(-0.12, -0.16), (0, -0.06), (0.12, -0.16)]), 0.05, INK, lines=False),
    ]


def lion(rng: np.random.Generator) -> list[Part]:
    ring = np.radians(np.arange(11) * 360 / 11 + rng.uniform(0, 30))
    mane = [(0.46 * np.cos(a), -0.32 + 0.46 * np.sin(a), 0.22) for a in ring]
    brown = (166, 92, 40)
    return [
        stroke(curve([(0.3, 0.9), (0.9, 0.95), (0.8, 0.5), (0.86, 0.3)]), 0.12),
        ellipse(0.86, 0.22, 0.13, 0.18, brown),
        polygon(smooth(mirrored([(0.2, -0.1), (0.42, 0.3), (0.54, 0.8), (0.44, 1), (0.1, 1)]))),
        ellipse(0, 0.66, 0.22, 0.34, "light", lines=False),
        *both(ellipse(0.26, 0.94, 0.2, 0.08, "dark")),
        polygon(cluster(0, -0.32, [*mane, (0, -0.32, 0.5)]), brown),
        *both(ellipse(0.36, -0.72, 0.14, 0.14)),
        ellipse(0, -0.3, 0.47, 0.44),
        ellipse(0, -0.12, 0.26, 0.2, "light", lines=False),
        *eye(-0.2, -0.38, 0.12),
        *eye(0.2, -0.38, 0.12),
        polygon([(-0.12, -0.2), (0.12, -0.2), (0, -0.06)], (90, 50, 50), lines=False),
    ]


def monkey(rng: np.random.Generator) -> list[Part]:
    high = rng.uniform(-0.2, -0.04)
    tail = curve([(0.3, 0.9), (1.1, 1.05), (0.6, high + 0.3), (0.94, high)])
    return [
        stroke(tail, 0.13, "dark"),
        *both(ellipse(0.58, -0.4, 0.22, 0.24)),
        *both(ellipse(0.6, -0.4, 0.13, 0.15, FACE, lines=False)),
        *both(stroke(curve([(0.26, 0.16), (0.7, 0.3), (0.46, 0.82)]), 0.17, "dark")),
        ellipse(0, 0.5, 0.42, 0.48),
        ellipse(0, 0.54, 0.26, 0.34, FACE, lines=False),
        *both(ellipse(0.3, 0.92, 0.22, 0.09, FACE)),
        ellipse(0, -0.42, 0.54, 0.5),
        *both(ellipse(0.18, -0.46, 0.21, 0.23, FACE, lines=False)),
        ellipse(0, -0.2, 0.35, 0.23, FACE, lines=False),
        *eye(-0.18, -0.44, 0.11),
        *eye(0.18, -0.44, 0.11),
        ellipse(0, -0.26, 0.07, 0.04, INK, lines=False),
        stroke(curve([(-0.18, -0.14), (0, -0.02), (0.18, -0.14)]), 0.06, INK, lines=False),
    ]


def deer(rng: np.random.Generator) -> list[Part]:
    antler, spread = (150, 108, 70), about(rng, 0.26)
    body = [
        (-0.7, 0.14),
        (-0.3, 0.04),
        (0.14, 0.06),
        (0.36, 0.0),
        (0.38, 0.36),
        (0.0, 0.46),
        (-0.5, 0.48),
        (-0.72, 0.36),
    ]

    def horn(x: float, side: float) -> list[Part]:
        return [
            stroke(curve([(x, -0.5), (x + side * spread, -0.66), (x + side * spread * 0.9, -1)]), 0.08, antler),
            stroke([(x + side * spread * 0.7, -0.68), (x + side * (spread + 0.18), -0.86)], 0.07, antler),
            stroke([(x + side * spread * 0.4, -0.62), (x + side * 0.02, -0.84)], 0.07, antler),
        ]

    return [
        polygon(smooth([(-0.6, 0.2), (-0.86, 0.04), (-0.92, 0.2), (-0.72, 0.34)]), WHITE),
        *four_legs(-0.66, 0.36, 0.34, 0.14),
        polygon(smooth(body)),
        *(
            ellipse(x, y, 0.05, fill=CREAM, lines=False)
            for x, y in ((-0.5, 0.2), (-0.32, 0.14), (-0.38, 0.3), (-0.14, 0.2))
        ),
        polygon([(0.06, 0.12), (0.28, -0.36), (0.52, -0.3), (0.4, 0.26)], lines=False),
        polygon([(0.3, 0.02), (0.46, -0.14), (0.4, 0.28)], CREAM, lines=False),
        *horn(0.34, -1),
        *horn(0.5, 1),
        polygon(smooth([(0.3, -0.44), (0.06, -0.52), (0.06, -0.4), (0.28, -0.34)]), "dark"),
        polygon(
            smooth([(0.26, -0.5), (0.48, -0.58), (0.7, -0.42), (0.94, -0.26), (0.92, -0.1), (0.6, -0.1), (0.32, -0.22)])
        ),
        ellipse(0.92, -0.2, 0.08, 0.07, INK, lines=False),
        *eye(0.54, -0.38, 0.09),
    ]


def owl(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.62)
    return [
        *both(polygon([(0.16, -0.74), (0.62, -1), (0.58, -0.5)], "dark")),
        polygon(smooth(mirrored([(0.2, -0.8), (wide, -0.5), (wide + 0.02, 0.3), (0.42, 0.86), (0.1, 0.92)]))),
        *both(polygon(smooth([(wide - 0.06, -0.2), (wide + 0.14, 0.3), (0.4, 0.8), (0.42, 0.1)]), "dark")),
        ellipse(0, 0.42, 0.34, 0.42, "light", lines=False),
        *(
            stroke([(x - 0.09, y), (x, y + 0.09), (x + 0.09, y)], 0.05, "dark", lines=False)
            for x, y in ((-0.13, 0.22), (0.13, 0.22), (0, 0.4), (-0.13, 0.54), (0.13, 0.54))
        ),
        *both(ellipse(0.27, -0.42, 0.3, 0.3, CREAM)),
        *eye(-0.25, -0.42, 0.2),
        *eye(0.25, -0.42, 0.2),
        polygon([(-0.1, -0.3), (0.1, -0.3), (0, -0.06)], BEAK),
        *both(ellipse(0.2, 0.94, 0.16, 0.07, BEAK)),
    ]


def frog(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.72)
    return [
        *both(ellipse(0.64, 0.56, 0.32, 0.34, "dark")),
        *both(polygon(smooth([(0.4, 0.86), (0.9, 0.84), (1, 0.98), (0.4, 1)]), "dark")),
        ellipse(0, 0.5, 0.54, 0.48),
        ellipse(0, 0.6, 0.36, 0.34, "light", lines=False),
        *both(stroke([(0.3, 0.5), (0.26, 0.92)], 0.17)),
        *both(ellipse(0.3, 0.94, 0.17, 0.07)),
        *both(ellipse(0.4, -0.54, 0.28, 0.28)),
        ellipse(0, -0.12, wide, 0.46),
        *eye(-0.4, -0.56, 0.19),
        *eye(0.4, -0.56, 0.19),
        stroke(curve([(-0.5, -0.02), (-0.2, 0.24), (0.2, 0.24), (0.5, -0.02)]), 0.07, (60, 40, 50), lines=False),
        *both(ellipse(0.54, 0.02, 0.09, 0.06, PINK, lines=False)),
    ]


def penguin(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.56)
    return [
        *both(polygon(smooth([(wide - 0.1, -0.24), (wide + 0.3, 0.3), (wide + 0.2, 0.5), (wide - 0.1, 0.24)]), "dark")),
        polygon(smooth(mirrored([(0.1, -0.98), (0.42, -0.8), (0.48, -0.4), (wide, 0.3), (0.44, 0.88), (0.1, 0.94)]))),
        polygon(smooth(mirrored([(0.06, -0.1), (0.3, 0.0), (0.38, 0.46), (0.24, 0.86), (0.06, 0.88)])), WHITE, False),
        *both(ellipse(0.17, -0.52, 0.21, 0.25, WHITE, lines=False)),
        *eye(-0.16, -0.56, 0.1),
        *eye(0.16, -0.56, 0.1),
        polygon([(-0.16, -0.38), (0.16, -0.38), (0, -0.18)], BEAK),
        *both(ellipse(0.24, 0.94, 0.2, 0.07, BEAK)),
    ]


FOREST_ANIMALS = [
    Thing("fox", "foxes", ("vixen",), "orange", fox),
    Thing("bear", "bears", ("teddy bear", "grizzly"), "brown", bear),
    Thing("lion", "lions", ("lioness",), "yellow", lion),
    Thing("monkey", "monkeys", ("ape", "chimpanzee"), "brown", monkey),
    Thing("deer", "deer", ("stag", "reindeer"), "brown", deer),
    Thing("owl", "owls", (), "brown", owl),
    Thing("frog", "frogs", ("toad",), "green", frog),
    Thing("penguin", "penguins", (), "black", penguin),
]

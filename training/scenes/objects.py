"""Toys and other objects."""

import numpy as np

from scenes.parts import Part, curve, ellipse, moved, polygon, rectangle, stroke
from scenes.thing import CREAM, INK, MOUTH, PINK, WHITE, Thing, about, eye, rounded, smooth


def robot(rng: np.random.Generator) -> list[Part]:
    half = about(rng, 0.52)
    return [
        stroke([(0, -0.9), (0, -0.5)], 0.09, "dark"),
        ellipse(0, -0.88, 0.12, fill=(240, 80, 70)),
        rectangle(-0.36, 0.7, -0.1, 1, "dark"),
        rectangle(0.1, 0.7, 0.36, 1, "dark"),
        rectangle(-0.84, 0.14, -0.56, 0.66, "dark"),
        rectangle(0.56, 0.14, 0.84, 0.66, "dark"),
        rectangle(-0.16, -0.06, 0.16, 0.16, "dark"),
        polygon(rounded(-0.6, 0.06, 0.6, 0.8, 0.12)),
        rectangle(-0.34, 0.24, 0.34, 0.56, "light"),
        polygon(rounded(-half, -0.68, half, 0.02, 0.14)),
        *eye(-0.24, -0.4, 0.15),
        *eye(0.22, -0.4, 0.15),
        rectangle(-0.26, -0.18, 0.26, -0.09, INK, lines=False),
    ]


def ghost(rng: np.random.Generator) -> list[Part]:
    wave = np.linspace(0.8, -0.8, 50)
    hem = np.stack([wave, 0.86 - 0.14 * np.cos(wave / 0.8 * 3 * np.pi + rng.uniform(-0.4, 0.4))], 1)
    return [
        polygon(np.concatenate([ellipse(0, -0.2, 0.8, 0.8, start=180, end=360).points, hem])),
        ellipse(-0.52, 0.08, 0.13, 0.09, PINK, lines=False),
        ellipse(0.52, 0.08, 0.13, 0.09, PINK, lines=False),
        *eye(-0.28, -0.26, 0.2),
        *eye(0.24, -0.26, 0.2),
        ellipse(0, 0.18, 0.14, 0.18, MOUTH, lines=False),
    ]


def balloon(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.66)
    return [
        stroke(curve([(0, 0.4), (0.3, 0.6), (-0.3, 0.8), (0, 1)]), 0.07, (120, 116, 130), lines=False),
        polygon([(0, 0.26), (0.14, 0.52), (-0.14, 0.52)], "dark"),
        polygon(
            smooth(
                [
                    (0, -1),
                    (wide * 0.75, -0.8),
                    (wide, -0.34),
                    (wide * 0.66, 0.12),
                    (0, 0.38),
                    (-wide * 0.66, 0.12),
                    (-wide, -0.34),
                    (-wide * 0.75, -0.8),
                ]
            )
        ),
        ellipse(-0.24, -0.54, 0.12, 0.2, "light", lines=False),
    ]


def crown(rng: np.random.Generator) -> list[Part]:
    dip, side = rng.uniform(0.1, 0.22), rng.uniform(-0.5, -0.36)
    gold = [(-0.84, 0.9), (-0.96, side), (-0.44, dip), (0, -0.66), (0.44, dip), (0.96, side), (0.84, 0.9)]
    return [
        polygon(gold),
        ellipse(-0.9, side - 0.04, 0.12, fill="light"),
        ellipse(0, -0.7, 0.14, fill="light"),
        ellipse(0.9, side - 0.04, 0.12, fill="light"),
        rectangle(-0.84, 0.6, 0.84, 0.92, "dark"),
        *(
            ellipse(x, 0.76, 0.1, fill=gem, lines=False)
            for x, gem in ((-0.5, (90, 200, 230)), (0, (240, 80, 110)), (0.5, (90, 200, 230)))
        ),
    ]


def cup(rng: np.random.Generator) -> list[Part]:
    half = about(rng, 0.62)
    return [
        stroke(curve([(0.3, -0.1), (1.16, -0.3), (1.06, 0.76), (0.3, 0.6)]), 0.17, "dark"),
        polygon(
            [
                (-half - 0.12, -0.46),
                (half - 0.12, -0.46),
                (half - 0.22, 0.9),
                (half - 0.34, 1),
                (-half + 0.1, 1),
                (-half - 0.02, 0.9),
            ]
        ),
        polygon(
            [(-half + 0.02, -0.3), (-half + 0.18, -0.3), (-half + 0.24, 0.84), (-half + 0.1, 0.84)],
            "light",
            lines=False,
        ),
        ellipse(-0.12, -0.46, half, 0.18, "light"),
        ellipse(-0.12, -0.44, half - 0.12, 0.11, (110, 66, 40), lines=False),
    ]


def hat(rng: np.random.Generator) -> list[Part]:
    half = about(rng, 0.54)
    return [
        polygon([(-half - 0.06, -0.66), (half + 0.06, -0.66), (half, 0.46), (-half, 0.46)]),
        ellipse(0, -0.66, half + 0.06, 0.13, "light"),
        ellipse(0, 0.5, 1, 0.2),
        polygon(
            [(-half, 0.1), (half, 0.1), (half, 0.4), *curve([(half, 0.4), (0, 0.56), (-half, 0.4)])], (214, 50, 70)
        ),
        polygon(curve([(-0.96, 0.52), (-0.5, 0.76), (0.5, 0.76), (0.96, 0.52)]), "dark", lines=False),
    ]


def book(rng: np.random.Generator) -> list[Part]:
    lean = rng.uniform(4, 12)
    closed = [
        polygon(rounded(-0.66, -0.9, 0.72, 0.92, 0.08), "dark"),
        rectangle(-0.58, 0.68, 0.66, 0.86, WHITE, lines=False),
        rectangle(-0.58, 0.75, 0.66, 0.78, (200, 200, 206), lines=False),
        polygon(rounded(-0.66, -0.9, 0.72, 0.72, 0.08)),
        rectangle(-0.66, -0.84, -0.46, 0.7, "dark", lines=False),
        rectangle(-0.26, -0.6, 0.5, -0.16, CREAM, lines=False),
        stroke([(-0.14, -0.46), (0.38, -0.46)], 0.07, INK, lines=False),
        stroke([(-0.14, -0.3), (0.2, -0.3)], 0.07, INK, lines=False),
        ellipse(0.12, 0.26, 0.2, fill="light", lines=False),
    ]
    return moved(closed, turn=lean, scale=0.96)


OBJECTS = [
    Thing("robot", "robots", ("android",), "grey", robot),
    Thing("ghost", "ghosts", ("spook",), "white", ghost),
    Thing("balloon", "balloons", ("party balloon",), "red", balloon),
    Thing("crown", "crowns", ("royal crown",), "yellow", crown),
    Thing("cup", "cups", ("mug", "teacup"), "blue", cup),
    Thing("hat", "hats", ("top hat",), "black", hat),
    Thing("book", "books", ("novel",), "blue", book),
]

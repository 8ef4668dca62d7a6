"""Vehicles."""

import numpy as np

from scenes.parts import Part, curve, ellipse, polygon, rectangle, stroke
from scenes.thing import BROWN, GLASS, GOLD, INK, Thing, about, mirrored, rounded, smooth

RIM = (205, 208, 216)


def _wheel(x: float, radius: float) -> list[Part]:
    return [
        ellipse(x, 1 - radius, radius, fill=INK),
        ellipse(x, 1 - radius, radius * 0.45, fill=RIM, lines=False),
    ]


def car(rng: np.random.Generator) -> list[Part]:
    roof = rng.uniform(-0.52, -0.4)
    body = [
        (-1, 0.76),
        (-1, 0.3),
        (-0.9, 0.14),
        (-0.62, 0.08),
        (-0.42, roof),
        (0.26, roof),
        (0.56, 0.08),
        (0.9, 0.16),
        (1, 0.36),
        (1, 0.76),
    ]
    return [
        polygon(body),
        polygon([(-0.46, 0.08), (-0.3, roof + 0.14), (-0.1, roof + 0.14), (-0.1, 0.08)], GLASS),
        polygon([(0.02, 0.08), (0.02, roof + 0.14), (0.19, roof + 0.14), (0.38, 0.08)], GLASS),
        rectangle(-1, 0.56, 1, 0.76, "dark", lines=False),
        ellipse(0.9, 0.38, 0.1, 0.1, GOLD, lines=False),
        *_wheel(-0.52, 0.28),
        *_wheel(0.52, 0.28),
    ]


def open_car(rng: np.random.Generator) -> list[Part]:
    """A car without a roof; the first part is behind who sits in it."""
    body = [(-1, 0.76), (-1, 0.2), (-0.9, 0.06), (-0.66, 0.02), (-0.56, 0.12), (0.46, 0.12), (0.9, 0.16), (1, 0.36)]
    return [
        rectangle(-0.62, -0.06, 0.4, 0.3, "dark"),
        polygon([(0.3, 0.14), (0.2, about(rng, -0.4)), (0.3, -0.42), (0.5, 0.14)], GLASS),
        polygon([*body, (1, 0.76)]),
        rectangle(-1, 0.56, 1, 0.76, "dark", lines=False),
        ellipse(0.9, 0.38, 0.1, 0.1, GOLD, lines=False),
        *_wheel(-0.52, 0.28),
        *_wheel(0.52, 0.28),
    ]


def bus(rng: np.random.Generator) -> list[Part]:
    top = rng.uniform(-0.62, -0.5)
    return [
        polygon(rounded(-1, top, 1, 0.8, 0.12)),
        *(rectangle(x, top + 0.16, x + 0.36, 0.06, GLASS) for x in (-0.86, -0.4, 0.06)),
        rectangle(0.54, top + 0.16, 0.86, 0.74, GLASS),
        rectangle(-0.97, 0.22, 0.46, 0.36, "light", lines=False),
        rectangle(-0.97, 0.62, 0.97, 0.76, "dark", lines=False),
        *_wheel(-0.54, 0.26),
        *_wheel(0.34, 0.26),
    ]


def boat(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.78)
    main_sail = np.concatenate(
        [[(0.06, 0.32), (0.06, -0.95)], curve([(0.06, -0.95), (wide + 0.1, -0.2), (wide, 0.32)])]
    )
    hull = mirrored(curve([(1, 0.46), (0.86, 1), (0.6, 1), (0.3, 1)]))
    return [
        stroke([(0, -1), (0, 0.6)], 0.1, BROWN),
        polygon(main_sail),
        polygon([(-0.08, -0.8), (-0.08, 0.32), (-0.7, 0.32)], "light"),
        polygon(hull),
        polygon([(-0.94, 0.56), (0.94, 0.56), (0.86, 0.7), (-0.86, 0.7)], "dark", lines=False),
    ]


def rocket(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.38)
    body = np.concatenate([curve([(0, -1), (wide, -0.7), (wide * 1.3, 0), (wide * 0.7, 0.6)])])
    fin = np.array([(wide * 0.8, 0.02), (0.76, 0.42), (0.76, 0.8), (wide * 0.6, 0.52)])
    nose = body[body[:, 1] < -0.52]
    return [
        polygon(
            smooth([(-0.24, 0.56), (0.24, 0.56), (0.2, 0.8), (0, 1), (-0.2, 0.8)]),
            (250, 130, 40),
            lines=False,
        ),
        polygon(smooth([(-0.12, 0.56), (0.12, 0.56), (0, 0.86)]), (255, 220, 90), lines=False),
        polygon(fin, "dark"),
        polygon(fin * (-1, 1), "dark"),
        polygon(mirrored(body)),
        polygon(mirrored(nose), "dark"),
        ellipse(0, -0.18, 0.24, fill="light"),
        ellipse(0, -0.18, 0.17, fill=(120, 190, 235), lines=False),
    ]


def plane(rng: np.random.Generator) -> list[Part]:
    sweep = rng.uniform(-0.5, -0.34)
    body = [
        (-0.9, -0.1),
        (-0.3, -0.22),
        (0.6, -0.2),
        (0.92, -0.02),
        (1, 0.16),
        (0.86, 0.32),
        (0.4, 0.4),
        (-0.4, 0.3),
        (-0.86, 0.08),
    ]
    return [
        polygon([(-0.02, -0.1), (sweep + 0.06, -0.64), (sweep + 0.32, -0.64), (0.44, -0.1)], "dark"),
        polygon([(-0.92, 0.06), (-1, -0.66), (-0.72, -0.66), (-0.4, -0.1)], "dark"),
        polygon(smooth(body)),
        polygon([(-0.92, 0.0), (-1, 0.3), (-0.8, 0.3), (-0.5, 0.08)], "dark"),
        polygon(smooth([(0.6, -0.15), (0.8, -0.1), (0.92, 0.05), (0.62, 0.06)], 4), GLASS),
        *(ellipse(x, -0.02, 0.085, fill=GLASS, lines=False) for x in (-0.3, 0.0, 0.3)),
        polygon([(-0.16, 0.2), (0.34, 0.2), (sweep + 0.2, 0.86), (sweep - 0.12, 0.86)], "light"),
    ]


def train(rng: np.random.Generator) -> list[Part]:
    roof = rng.uniform(-0.86, -0.76)
    return [
        polygon([(0.42, -0.1), (0.36, -0.66), (0.76, -0.66), (0.7, -0.1)], "dark"),
        rectangle(-0.26, -0.26, 0.84, 0.5),
        ellipse(0.84, 0.12, 0.12, 0.38, "light"),
        rectangle(0.02, -0.26, 0.18, 0.5, "light", lines=False),
        rectangle(-0.9, roof, -0.22, 0.6),
        rectangle(-0.74, roof + 0.2, -0.38, -0.1, GLASS),
        rectangle(-1, roof - 0.1, -0.12, roof + 0.06, "dark"),
        polygon([(-0.94, 0.48), (0.84, 0.48), (1, 0.92), (0.7, 0.74), (-0.94, 0.74)], "dark"),
        *_wheel(-0.56, 0.32),
        *_wheel(0.08, 0.23),
        *_wheel(0.58, 0.23),
    ]


VEHICLES = [
    Thing("car", "cars", ("automobile", "auto"), "red", car),
    Thing("bus", "buses", ("coach",), "yellow", bus),
    Thing("boat", "boats", ("sailboat", "ship", "sailing boat"), "white", boat),
    Thing("rocket", "rockets", ("spaceship", "space rocket"), "red", rocket),
    Thing("plane", "planes", ("airplane", "aeroplane", "jet"), "white", plane),
    Thing("train", "trains", ("locomotive", "steam engine"), "green", train),
]

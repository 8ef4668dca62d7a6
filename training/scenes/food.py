"""Food."""

import numpy as np

from scenes.parts import Part, curve, ellipse, polygon, rectangle, stroke
from scenes.thing import BROWN, CREAM, GREEN, WHITE, Thing, about, mirrored, rounded, smooth


def _leaf(x: float, y: float, size: float) -> Part:
    return polygon(
        smooth([(x, y), (x + 0.3 * size, y - 0.5 * size), (x + size, y - 0.5 * size), (x + 0.7 * size, y)]),
        GREEN,
    )


def apple(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.88)
    right = [
        (0, -0.4),
        (0.4, -0.58),
        (wide * 0.92, -0.3),
        (wide, 0.2),
        (wide * 0.7, 0.76),
        (0.3, 1),
        (0, 0.93),
    ]
    return [
        polygon(smooth(mirrored(right))),
        ellipse(-0.46, -0.06, 0.16, 0.26, "light", lines=False),
        stroke(curve([(0, -0.3), (0, -0.7), (0.12, -0.96)]), 0.13, BROWN),
        _leaf(0.08, -0.56, 0.56),
    ]


def pear(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.72)
    right = [
        (0, -0.66),
        (0.24, -0.58),
        (0.32, -0.28),
        (0.5, 0.06),
        (wide, 0.44),
        (wide * 0.76, 0.86),
        (0.24, 1),
    ]
    return [
        polygon(smooth(mirrored(right))),
        ellipse(-0.32, 0.4, 0.15, 0.28, "light", lines=False),
        stroke(curve([(0, -0.58), (0, -0.8), (0.1, -1)]), 0.13, BROWN),
        _leaf(0.06, -0.66, 0.52),
    ]


def banana(rng: np.random.Generator) -> list[Part]:
    dip = rng.uniform(0.16, 0.3)
    under = curve([(-0.92, -0.36), (-0.8, 0.95), (0.36, 1.32), (0.98, 0.1)])
    over = curve([(0.86, -0.02), (0.4, dip + 0.4), (-0.4, dip + 0.3), (-0.66, -0.5)])
    shade = curve([(0.98, 0.1), (0.34, 0.98), (-0.66, 0.74), (-0.92, -0.36)])
    return [
        polygon([(-0.96, -0.36), (-0.9, -0.76), (-0.7, -0.8), (-0.62, -0.44)], BROWN),
        polygon(np.concatenate([under, over])),
        polygon(np.concatenate([under, shade]), "dark", lines=False),
        polygon(smooth([(0.8, 0.0), (0.92, -0.12), (1, 0.02), (0.96, 0.2)]), BROWN),
    ]


def cherry(rng: np.random.Generator) -> list[Part]:
    size = about(rng, 0.44)
    return [
        stroke(curve([(-0.5, 0.3), (-0.4, -0.4), (0.16, -0.9)]), 0.1, GREEN),
        stroke(curve([(0.5, 0.3), (0.5, -0.3), (0.16, -0.9)]), 0.1, GREEN),
        _leaf(0.12, -0.6, 0.7),
        ellipse(-0.52, 0.54, size),
        ellipse(0.5, 0.54, size),
        ellipse(-0.66, 0.42, 0.11, 0.13, "light", lines=False),
        ellipse(0.36, 0.42, 0.11, 0.13, "light", lines=False),
    ]


def carrot(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.44)
    right = [(0.16, -0.4), (wide, -0.26), (wide * 0.8, 0.24), (0.16, 0.84), (0, 1)]
    return [
        polygon(smooth([(0, -0.3), (-0.12, -0.7), (0, -1), (0.12, -0.7)]), GREEN),
        polygon(smooth([(0, -0.3), (-0.34, -0.54), (-0.44, -0.92), (-0.12, -0.7)]), GREEN),
        polygon(smooth([(0, -0.3), (0.34, -0.54), (0.44, -0.92), (0.12, -0.7)]), GREEN),
        polygon(smooth(mirrored(right))),
        stroke([(-wide + 0.06, -0.06), (-0.06, -0.02)], 0.08, "dark", lines=False),
        stroke([(0.02, 0.22), (wide * 0.74, 0.18)], 0.08, "dark", lines=False),
        stroke([(-0.22, 0.46), (0.0, 0.48)], 0.08, "dark", lines=False),
    ]


def cake(rng: np.random.Generator) -> list[Part]:
    top = rng.uniform(-0.3, -0.2)
    drip = [
        (-0.84, top),
        (0.84, top),
        (0.84, 0.18),
        (0.64, 0.32),
        (0.42, 0.1),
        (0.2, 0.3),
        (0, 0.12),
        (-0.22, 0.34),
        (-0.44, 0.1),
        (-0.64, 0.28),
        (-0.84, 0.16),
    ]
    return [
        *(rectangle(x - 0.07, -0.66, x + 0.07, top + 0.1, WHITE) for x in (-0.44, 0, 0.44)),
        *(ellipse(x, -0.82, 0.1, 0.17, (255, 170, 50), lines=False) for x in (-0.44, 0, 0.44)),
        rectangle(-0.8, top + 0.04, 0.8, 0.94),
        rectangle(-0.8, 0.54, 0.8, 0.7, CREAM, lines=False),
        polygon(smooth(drip, 5), "light"),
        rectangle(-1, 0.88, 1, 1, (190, 196, 210)),
    ]


def pizza(rng: np.random.Generator) -> list[Part]:
    shift = rng.uniform(-0.06, 0.06)
    crust = [*curve([(-0.96, -0.6), (-0.5, -1.06), (0.5, -1.06), (0.96, -0.6)]), (0.84, -0.46), (-0.84, -0.46)]
    slices = ((-0.3 + shift, -0.3, 0.18), (0.34 + shift, -0.24, 0.17), (0.0 - shift, 0.24, 0.17))
    return [
        polygon([(-0.84, -0.6), (0.84, -0.6), (0, 1)]),
        polygon([(-0.62, -0.2), (-0.42, -0.2), (-0.46, 0.24), (-0.56, 0.24)], lines=False),
        *(ellipse(x, y, r, fill=(206, 60, 44)) for x, y, r in slices),
        *(ellipse(x - 0.05, y - 0.05, r * 0.35, fill=(236, 110, 80), lines=False) for x, y, r in slices),
        *(ellipse(x, y, 0.07, 0.05, GREEN, lines=False) for x, y in ((0.02, -0.36), (0.18, 0.06), (-0.2, 0.08))),
        polygon(crust, (206, 140, 74)),
    ]


def ice_cream(rng: np.random.Generator) -> list[Part]:
    size, waffle, line = about(rng, 0.44), (232, 176, 100), (190, 130, 66)
    return [
        polygon([(-0.46, 0.0), (0.46, 0.0), (0, 1)], waffle),
        *(stroke([(x, 0.04), (x * 0.2 + 0.16, 0.7 - abs(x))], 0.05, line, lines=False) for x in (-0.3, -0.06)),
        *(stroke([(x, 0.04), (x * 0.2 - 0.16, 0.7 - abs(x))], 0.05, line, lines=False) for x in (0.3, 0.06)),
        ellipse(-0.3, -0.14, 0.38, 0.36, "dark"),
        ellipse(0.3, -0.14, 0.38, 0.36),
        ellipse(0, -0.5, size, 0.42),
        ellipse(-0.16, -0.6, 0.13, 0.1, "light", lines=False),
        ellipse(0.04, -0.9, 0.12, fill=(222, 40, 60)),
        *(stroke([(x, y), (x + 0.1, y + 0.05)], 0.05, WHITE, lines=False) for x, y in ((0.12, -0.4), (-0.4, -0.1))),
    ]


def burger(rng: np.random.Generator) -> list[Part]:
    top = rng.uniform(-0.78, -0.7)
    wave = np.linspace(-0.94, 0.94, 40)
    lettuce = np.stack([wave, 0.26 + 0.07 * np.cos(wave * 17)], 1)
    dome = curve([(-0.9, 0.02), (-0.9, top - 0.36), (0.9, top - 0.36), (0.9, 0.02)])
    seeds = ((-0.4, -0.46), (-0.08, -0.64), (0.26, -0.46), (0.52, -0.28), (-0.1, -0.34))
    return [
        polygon(rounded(-0.84, 0.5, 0.84, 0.9, 0.16)),
        polygon(rounded(-0.9, 0.26, 0.9, 0.6, 0.14), (112, 66, 44)),
        polygon([(-0.86, 0.16), (0.86, 0.16), (0.5, 0.3), (0.2, 0.46), (-0.1, 0.3)], (255, 206, 70)),
        polygon([(-0.94, 0.1), *lettuce, (0.94, 0.1)], (110, 190, 80)),
        rectangle(-0.86, 0.0, 0.86, 0.14, (226, 70, 60)),
        polygon(dome),
        *(ellipse(x, y, 0.06, 0.04, CREAM, lines=False) for x, y in seeds),
    ]


FOOD = [
    Thing("apple", "apples", (), "red", apple),
    Thing("pear", "pears", (), "green", pear),
    Thing("banana", "bananas", (), "yellow", banana),
    Thing("cherry", "cherries", (), "red", cherry),
    Thing("carrot", "carrots", (), "orange", carrot),
    Thing("cake", "cakes", ("birthday cake", "cream cake"), "pink", cake),
    Thing("pizza", "pizzas", ("slice of pizza", "pizza slice"), "yellow", pizza),
    Thing("ice cream", "ice creams", ("ice cream cone",), "pink", ice_cream),
    Thing("burger", "burgers", ("hamburger", "cheeseburger"), "orange", burger),
]

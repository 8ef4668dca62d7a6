"""Plain shapes: one colour, no detail."""

import numpy as np

from scenes.parts import Part, ellipse, polygon, rectangle
from scenes.thing import Thing, about, mirrored


def circle(rng: np.random.Generator) -> list[Part]:
    return [ellipse(0, 0, 1)]


def square(rng: np.random.Generator) -> list[Part]:
    half = rng.uniform(0.88, 0.95)
    return [rectangle(-half, 1 - 2 * half, half, 1)]


def triangle(rng: np.random.Generator) -> list[Part]:
    return [polygon([(0, rng.uniform(-0.9, -0.7)), (1, 1), (-1, 1)])]


def star(rng: np.random.Generator) -> list[Part]:
    angles = np.radians(np.arange(10) * 36 - 90)
    radii = np.where(np.arange(10) % 2, about(rng, 0.46), 1.04)
    return [polygon(np.stack([radii * np.cos(angles), 0.12 + radii * np.sin(angles)], 1))]


def heart(rng: np.random.Generator) -> list[Part]:
    t = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return [polygon(np.stack([np.sin(t) ** 3, 1 + (y - 17) / 15.5], 1))]


def diamond(rng: np.random.Generator) -> list[Part]:
    return [polygon(mirrored([(0, -1), (about(rng, 0.72), 0), (0, 1)]))]


def ring(rng: np.random.Generator) -> list[Part]:
    inner = about(rng, 0.62)
    # The second band hides the line that joins the two circles of the first.
    return [_band(inner, 1), _band(inner + 0.03, 0.97, lines=False)]


def _band(inner: float, outer: float, lines: bool = True) -> Part:
    turn = np.linspace(0, 2 * np.pi, 64)
    round_ = np.stack([np.cos(turn), np.sin(turn)], 1)
    return polygon(np.concatenate([round_ * outer, round_[::-1] * inner]), lines=lines)


def cross(rng: np.random.Generator) -> list[Part]:
    arm = about(rng, 0.33)
    right = [(arm, -0.95), (arm, -arm), (0.95, -arm), (0.95, arm), (arm, arm), (arm, 0.95)]
    return [polygon(mirrored(right))]


SHAPES = [
    Thing("circle", "circles", ("disc", "round shape"), "blue", circle),
    Thing("square", "squares", ("block",), "green", square),
    Thing("triangle", "triangles", ("three-sided shape",), "orange", triangle),
    Thing("star", "stars", ("five-pointed star",), "yellow", star),
    Thing("heart", "hearts", ("love heart",), "red", heart),
    Thing("diamond", "diamonds", ("lozenge",), "cyan", diamond),
    Thing("ring", "rings", ("hoop",), "purple", ring),
    Thing("cross", "crosses", ("plus sign",), "red", cross),
]

"""What a background is made of, and the ground and specks that many of them share."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from scenes.palette import mix
from scenes.parts import Colour, Part, ellipse, polygon


@dataclass(frozen=True)
class Backdrop:
    """A gradient from top to bottom, and what stands before it in the square -1..1 of the whole picture."""

    top: Colour
    bottom: Colour
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """phrases: how a caption says where; tones: its main colours, which things there should not have."""

    phrases: tuple[str, ...]
    tones: tuple[Colour, ...]
    draw: Callable[[np.random.Generator], Backdrop]


@dataclass(frozen=True)
class Hour:
    """A time of day over a place. veil: the colour laid over the ground, and how thick."""

    phrases: tuple[str, ...]
    top: Colour
    bottom: Colour
    veil: tuple[Colour, float]
    lights: Callable[[np.random.Generator], list[Part]]

    def over(self, place: Place) -> Place:
        """The place at this hour."""
        colour, share = self.veil

        def draw(rng: np.random.Generator) -> Backdrop:
            lights, day = self.lights(rng), place.draw(rng)
            ground = [replace(part, fill=mix(part.fill, colour, share)) for part in day.parts]
            return Backdrop(self.top, self.bottom, [*lights, *ground])

        places = [where for where in place.phrases if " " in where]
        phrases = [f"{where} {when}" for where in places for when in self.phrases]
        phrases += [f"{self.phrases[0]} {where}" for where in places]
        middle = mix(self.top, self.bottom, 0.6)
        tones = (self.top, middle, self.bottom, *(mix(tone, colour, share) for tone in place.tones[:2]))
        return Place(tuple(phrases), tones, draw)


def hill(rng, height: float, rise: float, colour: Colour, waves: float = 1.0) -> Part:
    """Ground below a soft wave around `height`."""
    x = np.linspace(-1.1, 1.1, 32)
    phase, slow = rng.uniform(0, 2 * np.pi, 2)
    y = height + rise * (np.sin(x * 2.2 * waves + phase) + 0.4 * np.sin(x * 4.1 * waves + slow)) / 1.4
    return polygon([*zip(x, y), (1.1, 1.1), (-1.1, 1.1)], colour, False)


def scattered(rng, count: int, low: float, high: float, size: float, colour: Colour) -> list[Part]:
    """Small discs anywhere between two heights."""
    return [
        ellipse(
            rng.uniform(-0.95, 0.95),
            rng.uniform(low, high),
            size * rng.uniform(0.6, 1.2),
            fill=colour,
            lines=False,
        )
        for _ in range(count)
    ]

"""The twelve colours, what else they are called, and their shades."""

import numpy as np

from scenes.parts import Colour

COLOURS: dict[str, Colour] = {
    "red": (224, 46, 50),
    "orange": (248, 140, 34),
    "yellow": (250, 216, 56),
    "green": (56, 162, 78),
    "cyan": (66, 204, 216),
    "blue": (44, 96, 214),
    "purple": (136, 70, 190),
    "pink": (250, 142, 186),
    "brown": (130, 84, 50),
    "black": (30, 28, 34),
    "grey": (140, 143, 150),
    "white": (248, 248, 246),
}
SYNONYMS: dict[str, tuple[str, ...]] = {
    "red": ("crimson", "scarlet"),
    "orange": ("tangerine",),
    "yellow": ("golden", "lemon yellow"),
    "green": ("emerald", "grass green"),
    "cyan": ("turquoise", "teal", "aqua"),
    "blue": ("navy", "azure", "royal blue"),
    "purple": ("violet", "lilac"),
    "pink": ("rose", "magenta"),
    "brown": ("chocolate", "chestnut"),
    "black": ("jet black",),
    "grey": ("gray", "silver"),
    "white": ("snow white",),
}


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """`share` of the other colour in this one."""
    return tuple(round(a + (b - a) * share) for a, b in zip(colour, other))


def distance(a: Colour, b: Colour) -> float:
    """How far apart two colours are, 0 to 441."""
    return float(np.linalg.norm(np.subtract(a, b)))


def shade(colour: Colour, fill: str) -> Colour:
    """'main', 'dark' or 'light' of a colour; the darks of black and the lights of white go the other way."""
    if fill == "main":
        return colour
    brightness = sum(colour) / 3
    if fill == "dark":
        return mix(colour, (255, 255, 255), 0.22) if brightness < 50 else mix(colour, (20, 16, 40), 0.26)
    return mix(colour, (70, 80, 110), 0.16) if brightness > 235 else mix(colour, (255, 255, 255), 0.42)

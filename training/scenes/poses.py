"""How one thing stands on, rides, sits in, holds or wears another: places in a thing's own square -1..1.

Of two things the second is here always the one that stands on y = 1 by itself, and the first or its item is put to
it. What sits in something is painted between its back and its front.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scenes.figure import HAND
from scenes.parts import Part
from scenes.people import PEOPLE
from scenes.things import FAUNA, THINGS
from scenes.tools import bed
from scenes.vehicles import boat, open_car, plane

Place = tuple[float, float, float]
"""Where the middle of another's lowest edge is, x and y, and its size beside the thing's own."""


@dataclass(frozen=True)
class Cabin:
    """place: of the passenger; draw: the parts, of which the first `behind` are painted before the passenger."""

    place: Place
    draw: Callable[[np.random.Generator], list[Part]]
    behind: int


def cup_with_room(rng: np.random.Generator) -> list[Part]:
    handle, body, light, rim, drink = THINGS["cup"].draw(rng)
    return [handle, rim, drink, body, light]


FOLK = tuple(person.name for person in PEOPLE)
CREATURES = (*FAUNA, "robot", "ghost", "snowman")
ACTORS = (*FOLK, *CREATURES)
# What others stand and sit on.
SEATS: dict[str, Place] = {
    "chair": (0, 0.24, 0.6),
    "table": (0, -0.24, 0.6),
    "bed": (0.3, 0.14, 0.6),
    "piano": (0, -0.8, 0.6),
    "drum": (0, -0.12, 0.6),
    "castle": (0, -0.52, 0.62),
    "house": (-0.1, -0.68, 0.56),
    "tree": (0, -0.8, 0.5),
    "car": (-0.08, -0.42, 0.6),
    "bus": (0, -0.52, 0.6),
    "train": (0.3, -0.24, 0.56),
    "mushroom": (0, -0.7, 0.56),
    "cake": (0, -0.2, 0.6),
    "cloud": (0, -0.2, 0.6),
    "square": (0, -0.84, 0.6),
    "book": (0, -0.84, 0.6),
    "ball": (0, -0.94, 0.6),
    "burger": (0, -0.7, 0.56),
}
# What one rides, legs hidden behind it.
MOUNTS: dict[str, Place] = {
    "horse": (-0.2, 0.28, 0.66),
    "elephant": (-0.34, -0.1, 0.56),
    "dinosaur": (-0.1, 0.2, 0.6),
    "dragon": (-0.02, 0.2, 0.52),
    "whale": (-0.16, 0.3, 0.6),
    "turtle": (-0.16, -0.2, 0.56),
    "pig": (-0.3, 0.14, 0.6),
    "cow": (-0.26, 0.2, 0.6),
    "deer": (-0.3, 0.34, 0.56),
    "bicycle": (-0.22, 0.3, 0.76),
    "shark": (-0.2, 0.2, 0.6),
}
# What others stand in front of.
SHELTERS: dict[str, Place] = {
    "house": (-0.6, 1.12, 0.5),
    "castle": (0.5, 1.12, 0.5),
    "tree": (0.4, 1.1, 0.5),
    "pine": (-0.4, 1.1, 0.5),
    "windmill": (-0.5, 1.1, 0.48),
    "lighthouse": (0.44, 1.1, 0.48),
    "tent": (0.6, 1.12, 0.46),
    "car": (-0.5, 1.16, 0.5),
    "bus": (0.5, 1.14, 0.5),
    "train": (-0.56, 1.14, 0.48),
    "boat": (0.5, 1.14, 0.48),
    "piano": (0.5, 1.12, 0.5),
}
CABINS: dict[str, Cabin] = {
    "car": Cabin((-0.12, 0.38, 0.58), open_car, 1),
    "boat": Cabin((-0.3, 0.76, 0.54), boat, 3),
    "plane": Cabin((0.2, 0.2, 0.5), plane, 0),
    "cup": Cabin((-0.1, -0.04, 0.56), cup_with_room, 3),
    "bed": Cabin((0.16, 0.58, 0.62), bed, 6),
    "tent": Cabin((-0.2, 1, 0.44), THINGS["tent"].draw, 4),
}
# What a hand holds, by where it is gripped.
ITEMS: dict[str, tuple[float, float]] = {
    "balloon": (0, 0.96),
    "flower": (0, 0.8),
    "umbrella": (0.04, 0.5),
    "sword": (0, 0.7),
    "ice cream": (0, 0.6),
    "hammer": (-0.06, 0.6),
    "key": (0, 0.5),
    "carrot": (0, 0.2),
    "leaf": (0, 0.8),
    "mushroom": (0, 0.7),
    "heart": (0, 0.3),
    "star": (0, 0.3),
    "apple": (0, 0.3),
    "banana": (0, 0.3),
    "pizza": (0, 0.4),
    "cake": (0, 0.8),
    "cup": (0.6, 0.3),
    "book": (-0.4, 0.3),
    "guitar": (-0.1, 0.2),
    "fish": (0, 0.3),
    "ball": (0, 0.5),
}
ITEM_SIZE = 0.46
HANDS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(FOLK, HAND),
    "robot": (0.7, 0.6),
    "bear": (0.58, 0.4),
    "monkey": (0.54, 0.4),
    "snowman": (0.5, 0.2),
}
# Where a hat's lower edge is, and half its width.
HATS = ("hat", "crown")
HAT_EDGE = {"hat": 0.56, "crown": 0.9}
HEADS: dict[str, Place] = {
    "cat": (0, -0.6, 0.42),
    "dog": (0.38, -0.8, 0.36),
    "rabbit": (0, -0.3, 0.34),
    "bird": (0.5, -0.36, 0.32),
    "fox": (0, -0.62, 0.4),
    "bear": (0, -0.78, 0.38),
    "lion": (0, -0.64, 0.42),
    "monkey": (0, -0.8, 0.4),
    "owl": (0, -0.72, 0.4),
    "frog": (0, -0.46, 0.36),
    "penguin": (0, -0.84, 0.38),
    "duck": (0.3, -0.86, 0.36),
    "pig": (0.5, -0.36, 0.36),
    "cow": (0.6, -0.6, 0.32),
    "elephant": (0.46, -0.68, 0.36),
    "horse": (0.46, -0.8, 0.28),
    "dinosaur": (0.6, -0.9, 0.3),
    "octopus": (0, -0.88, 0.42),
    "crab": (0, 0.1, 0.36),
    "robot": (0, -0.62, 0.42),
    "ghost": (0, -0.84, 0.46),
    "girl": (0, -0.72, 0.38),
    "boy": (0, -0.74, 0.38),
    "smiley": (0, -0.8, 0.52),
}
# What flies rather than stands.
AIRY = ("bird", "butterfly", "plane", "rocket", "balloon", "cloud", "sun", "moon", "star", "lightning", "fish", "ghost")
# Seen from the front, or with letters and handles on one side: never mirrored.
FRONTAL = (
    *FOLK,
    "cat",
    "rabbit",
    "butterfly",
    "fox",
    "bear",
    "lion",
    "monkey",
    "owl",
    "frog",
    "penguin",
    "octopus",
    "crab",
    "robot",
    "ghost",
    "smiley",
    "sad face",
    "cup",
    "book",
    "key",
    "moon",
    "lightning",
    "hammer",
    "bed",
    "house",
    "castle",
    "tent",
)

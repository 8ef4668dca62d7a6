"""What is in a scene, and where."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from scenes.backgrounds import GROUNDED, pick_background, tones
from scenes.palette import COLOURS, distance
from scenes.poses import (
    ACTORS,
    AIRY,
    CABINS,
    FOLK,
    FRONTAL,
    HANDS,
    HAT_EDGE,
    HATS,
    HEADS,
    ITEM_SIZE,
    ITEMS,
    MOUNTS,
    SEATS,
    SHELTERS,
)
from scenes.things import THINGS

STYLES = ("flat", "outline", "pixel", "watercolour")
STYLE_SHARES = (0.68, 0.10, 0.12, 0.10)
# Half the width of a thing, where the picture reaches from -1 to 1.
SCALES = {"small": 0.28, "medium": 0.5, "big": 0.78}
PLACES = {
    "left": (-1, 0),
    "right": (1, 0),
    "top": (0, -1),
    "bottom": (0, 1),
    "top left": (-1, -1),
    "top right": (1, -1),
    "bottom left": (-1, 1),
    "bottom right": (1, 1),
}
# Where the first thing is, seen from the second.
RELATIONS = {"left of": (-1, 0), "right of": (1, 0), "above": (0, -1), "below": (0, 1)}
# The others: the two touch, one lies inside the other, or runs after it.
TOUCHING = ("on", "in front of", "riding", "in", "holding", "wearing")
# Of these the first thing is the larger one, that the second is put to.
CARRYING = ("holding", "wearing")
RELATION_SHARES = {
    **dict.fromkeys(RELATIONS, 0.11),
    "inside": 0.08,
    "and": 0.06,
    "on": 0.11,
    "in front of": 0.06,
    "riding": 0.06,
    "in": 0.06,
    "holding": 0.06,
    "wearing": 0.04,
    "chasing": 0.03,
}
PLACED = {
    "on": SEATS,
    "riding": MOUNTS,
    "in front of": SHELTERS,
    "in": {kind: cabin.place for kind, cabin in CABINS.items()},
}
RIDERS = (*FOLK, "robot", "ghost", "monkey", "bear", "cat", "fox", "frog", "rabbit", "penguin", "owl", "lion", "bird")
CHASED = (*ACTORS, "ball", "butterfly", "balloon", "car")
CONTAINERS = ("circle", "square", "heart", "diamond", "ring")
# Colours nearer than this to the ground or to each other are not told apart.
APART = 75.0

Box = tuple[float, float, float]
"""Centre x and y, and half the width, in -1..1."""


@dataclass(frozen=True)
class Group:
    """One to four things alike. place: where in the picture a single one is, None for the middle."""

    kind: str
    colour: str
    size: str
    boxes: tuple[Box, ...]
    place: str | None = None
    flip: bool = False

    @property
    def count(self) -> int:
        return len(self.boxes)


@dataclass(frozen=True)
class Scene:
    """relation: what the first group is or does to the second; 'and' when only side by side; None of one group."""

    background: str
    style: str
    groups: tuple[Group, ...]
    relation: str | None = None


def draw_scene(rng: np.random.Generator) -> Scene:
    """A scene at random: one thing, several alike, or two things that stand in a relation."""
    background = pick_background(rng)
    style = str(rng.choice(STYLES, p=STYLE_SHARES))
    form = rng.random()
    if form < 0.45:
        return Scene(background, style, (single(rng, background, style),))
    if form < 0.64:
        return Scene(background, style, (several(rng, background),))
    return related(rng, background, style)


def pick(rng: np.random.Generator, options: list[str] | tuple[str, ...]) -> str:
    return options[rng.integers(len(options))]


def stands_out(colour: str, others: tuple[tuple[int, int, int], ...]) -> bool:
    return all(distance(COLOURS[colour], other) >= APART for other in others)


def colour_for(rng: np.random.Generator, kind: str, background: str, besides: tuple[str, ...] = ()) -> str:
    """The thing's natural colour a third of the time, else any; always one that stands out."""
    others = (*tones(background), *(COLOURS[name] for name in besides))
    natural = THINGS[kind].natural
    if rng.random() < 0.35 and stands_out(natural, others):
        return natural
    return pick(rng, [name for name in COLOURS if stands_out(name, others)])


def single(rng: np.random.Generator, background: str, style: str = "flat") -> Group:
    kind = pick(rng, list(THINGS))
    # Of so few blocks a small thing would be none.
    size = str(rng.choice(list(SCALES), p=(0, 0.4, 0.6) if style == "pixel" else (0.2, 0.45, 0.35)))
    place = pick(rng, list(PLACES)) if size != "big" and rng.random() < 0.35 else None
    scale = SCALES[size] * rng.uniform(0.9, 1.1)
    x, y = rng.uniform(-0.08, 0.08, 2)
    if background in GROUNDED and kind not in AIRY:
        y = rng.uniform(0.6, 0.8) - scale
    if place:
        reach = 0.92 - scale
        x, y = np.add(np.multiply(PLACES[place], reach), rng.uniform(-0.08, 0.08, 2))
    return Group(kind, colour_for(rng, kind, background), size, (box(x, y, scale),), place, turned(rng, kind))


def box(x: float, y: float, scale: float) -> Box:
    """A box moved inside the picture."""
    reach = max(0.0, 0.98 - scale)
    return (float(np.clip(x, -reach, reach)), float(np.clip(y, -reach, reach)), float(scale))


# How big several things are, and where: their boxes never touch. In a row at least 0.06 lies between them, four pixels
# of 128; between the top and the bottom of a triangle at least 0.02.
LAYOUTS: dict[int, tuple[tuple[float, tuple[tuple[float, float], ...]], ...]] = {
    2: ((0.43, ((-0.5, 0), (0.5, 0))), (0.4, ((0, -0.5), (0, 0.5)))),
    3: ((0.27, ((-0.66, 0), (0, 0), (0.66, 0))), (0.4, ((-0.48, 0.42), (0.48, 0.42), (0, -0.46)))),
    4: ((0.4, ((-0.48, -0.48), (0.48, -0.48), (-0.48, 0.48), (0.48, 0.48))),),
}


def several(rng: np.random.Generator, background: str) -> Group:
    kind, count = pick(rng, list(THINGS)), int(rng.integers(2, 5))
    scale, centres = LAYOUTS[count][rng.integers(len(LAYOUTS[count]))]
    scale = scale * rng.uniform(0.85, 1.0)
    boxes = tuple(box(x + rng.uniform(-0.03, 0.03), y + rng.uniform(-0.03, 0.03), scale) for x, y in centres)
    return Group(kind, colour_for(rng, kind, background), "medium", boxes, None, turned(rng, kind))


def related(rng: np.random.Generator, background: str, style: str) -> Scene:
    relation = str(rng.choice(list(RELATION_SHARES), p=list(RELATION_SHARES.values())))
    first_kind, second_kind = pair_for(rng, relation)
    second = colour_for(rng, second_kind, background)
    first = colour_for(rng, first_kind, background if relation != "inside" else second, (second,))
    flips = [turned(rng, kind) for kind in (first_kind, second_kind)]
    sizes = ("medium", "medium")
    if relation == "inside":
        outer, inner = box(*rng.uniform(-0.05, 0.05, 2), 0.85), 0.3 * rng.uniform(0.9, 1.1)
        boxes, sizes = (box(outer[0], outer[1], inner), outer), ("small", "big")
    elif relation in TOUCHING:
        flips = [turned(rng, first_kind if relation in CARRYING else second_kind)] * 2
        boxes = together(rng, relation, first_kind, second_kind, flips[0])
    else:
        if relation == "chasing":  # both the same way, who is chased in front
            flips = [flips[0]] * 2
        side = 1 if flips[0] else -1
        x, y = {**RELATIONS, "chasing": (side, 0)}.get(relation) or (pick_side(rng), 0)
        spread, scale = 0.5, 0.42 * rng.uniform(0.9, 1.05)
        jitter = rng.uniform(-0.06, 0.06, 4) * (abs(y), abs(x), abs(y), abs(x))
        if x and background in GROUNDED:
            jitter[[1, 3]] += 0.2
        boxes = (
            box(x * spread + jitter[0], y * spread + jitter[1], scale),
            box(-x * spread + jitter[2], -y * spread + jitter[3], scale),
        )
    groups = (
        Group(first_kind, first, sizes[0], (boxes[0],), None, flips[0]),
        Group(second_kind, second, sizes[1], (boxes[1],), None, flips[1]),
    )
    return Scene(background, style, groups, relation)


def pair_for(rng: np.random.Generator, relation: str) -> tuple[str, str]:
    """Two kinds that can stand in the relation."""
    firsts, seconds = {
        "inside": (list(THINGS), CONTAINERS),
        "on": ((*ACTORS, *ITEMS), list(SEATS)),
        "in front of": (ACTORS, list(SHELTERS)),
        "riding": (RIDERS, list(MOUNTS)),
        "in": (ACTORS, list(CABINS)),
        "holding": (list(HANDS), list(ITEMS)),
        "wearing": (list(HEADS), HATS),
        "chasing": (ACTORS, CHASED),
    }.get(relation, (list(THINGS), list(THINGS)))
    second = pick(rng, seconds)
    if (relation, second) == ("in", "cup"):
        firsts = (*ACTORS, *["flower"] * 8)
    return pick(rng, [kind for kind in firsts if kind != second]), second


def together(rng: np.random.Generator, relation: str, first: str, second: str, flip: bool) -> tuple[Box, Box]:
    """The boxes of two things that touch, as large as fits."""
    if relation == "holding":
        (hand_x, hand_y), (grip_x, grip_y) = HANDS[first], ITEMS[second]
        own, other = (0.0, 0.0, 1.0), (hand_x - ITEM_SIZE * grip_x, hand_y - ITEM_SIZE * grip_y, ITEM_SIZE)
    elif relation == "wearing":
        x, y, size = HEADS[first]
        own, other = (0.0, 0.0, 1.0), (x, y - size * HAT_EDGE[second], size)
    else:
        x, y, size = PLACED[relation][second]
        own, other = (x, y + 0.03 - size * lowest(first), size), (0.0, 0.0, 1.0)
    left, top = (min(box[axis] - box[2] for box in (own, other)) for axis in (0, 1))
    right, bottom = (max(box[axis] + box[2] for box in (own, other)) for axis in (0, 1))
    scale = 1.84 / max(right - left, bottom - top) * rng.uniform(0.8, 1.0)
    free_x, free_y = 0.97 - scale * (right - left) / 2, 0.97 - scale * (bottom - top) / 2
    shift_x, shift_y = rng.uniform(-0.3, 0.3) * free_x, rng.uniform(0.0, 0.9) * free_y

    def placed(x: float, y: float, size: float) -> Box:
        from_middle = (x - (left + right) / 2) * (-1 if flip else 1)
        return (shift_x + from_middle * scale, shift_y + (y - (top + bottom) / 2) * scale, size * scale)

    return placed(*own), placed(*other)


@cache
def lowest(kind: str) -> float:
    """The y that a thing reaches down to in its own square: what flies does not stand on 1."""
    return max(float(part.points[:, 1].max()) for part in THINGS[kind].draw(np.random.default_rng(0)))


def turned(rng: np.random.Generator, kind: str) -> bool:
    """Whether a thing faces left: sometimes, and never what is seen from the front."""
    return kind not in FRONTAL and bool(rng.random() < 0.25)


def pick_side(rng: np.random.Generator) -> int:
    return int(rng.choice((-1, 1)))

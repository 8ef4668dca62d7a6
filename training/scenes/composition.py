"""What is in a scene, and where."""

from dataclasses import dataclass

import numpy as np

from scenes.backgrounds import DRAWN, tones
from scenes.palette import COLOURS, distance
from scenes.things import THINGS

STYLES = ("flat", "outline", "pixel", "watercolour")
STYLE_SHARES = (0.70, 0.10, 0.10, 0.10)
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
    """relation: of the first group to the second; 'and' when only side by side; None when there is one group."""

    background: str
    style: str
    groups: tuple[Group, ...]
    relation: str | None = None


def draw_scene(rng: np.random.Generator) -> Scene:
    """A scene at random: one thing, several alike, or two things that stand in a relation."""
    background = pick(rng, list(DRAWN)) if rng.random() < 0.55 else pick(rng, list(COLOURS))
    style = str(rng.choice(STYLES, p=STYLE_SHARES))
    form = rng.random()
    if form < 0.50:
        return Scene(background, style, (single(rng, background),))
    if form < 0.70:
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


def single(rng: np.random.Generator, background: str) -> Group:
    kind = pick(rng, list(THINGS))
    size = str(rng.choice(list(SCALES), p=(0.25, 0.5, 0.25)))
    place = pick(rng, list(PLACES)) if size != "big" and rng.random() < 0.35 else None
    scale = SCALES[size] * rng.uniform(0.9, 1.1)
    x, y = rng.uniform(-0.08, 0.08, 2)
    if place:
        reach = 0.92 - scale
        x, y = np.add(np.multiply(PLACES[place], reach), (x, y))
    return Group(kind, colour_for(rng, kind, background), size, (box(x, y, scale),), place, bool(rng.random() < 0.5))


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
    return Group(kind, colour_for(rng, kind, background), "medium", boxes, None, bool(rng.random() < 0.5))


def related(rng: np.random.Generator, background: str, style: str) -> Scene:
    relation = pick(rng, [*RELATIONS, "inside", "and"])
    second_kind = pick(rng, CONTAINERS if relation == "inside" else list(THINGS))
    first_kind = pick(rng, [kind for kind in THINGS if kind != second_kind])
    second = colour_for(rng, second_kind, background)
    first = colour_for(rng, first_kind, background if relation != "inside" else second, (second,))
    flips = rng.random(2) < 0.5
    if relation == "inside":
        outer, inner = box(*rng.uniform(-0.05, 0.05, 2), 0.85), 0.3 * rng.uniform(0.9, 1.1)
        boxes, sizes = (box(outer[0], outer[1], inner), outer), ("small", "big")
    else:
        x, y = RELATIONS.get(relation, (pick_side(rng), 0))
        spread, scale = 0.5, 0.42 * rng.uniform(0.9, 1.05)
        jitter = rng.uniform(-0.06, 0.06, 4) * (abs(y), abs(x), abs(y), abs(x))
        boxes = (
            box(x * spread + jitter[0], y * spread + jitter[1], scale),
            box(-x * spread + jitter[2], -y * spread + jitter[3], scale),
        )
        sizes = ("medium", "medium")
    groups = (
        Group(first_kind, first, sizes[0], (boxes[0],), None, bool(flips[0])),
        Group(second_kind, second, sizes[1], (boxes[1],), None, bool(flips[1])),
    )
    return Scene(background, style, groups, relation)


def pick_side(rng: np.random.Generator) -> int:
    return int(rng.choice((-1, 1)))

"""Where things are: the twelve plain colours, places drawn by program, and some of these at sunset and at night."""

import numpy as np

from scenes.backdrop import Backdrop, Place, hill, scattered
from scenes.palette import COLOURS, mix
from scenes.parts import Colour, ellipse, polygon, rectangle
from scenes.places import DUSK_BOTTOM, DUSK_TOP, HOURS, MORE_PLACES


def night(rng) -> Backdrop:
    stars = scattered(rng, 9, -0.95, 0.5, 0.035, (250, 240, 190))
    return Backdrop((14, 18, 58), (44, 52, 110), [*stars, hill(rng, 0.75, 0.08, (18, 24, 52))])


def sunset(rng) -> Backdrop:
    x = rng.uniform(-0.6, 0.6)
    disc = ellipse(x, 0.5, 0.36, fill=(255, 226, 120), lines=False)
    return Backdrop(DUSK_TOP, DUSK_BOTTOM, [disc, rectangle(-1.1, 0.55, 1.1, 1.1, (74, 40, 86), False)])


def meadow(rng) -> Backdrop:
    hills = [hill(rng, 0.2, 0.12, (150, 212, 110)), hill(rng, 0.48, 0.1, (116, 190, 88))]
    return Backdrop((150, 212, 250), (222, 242, 252), hills)


def sea(rng) -> Backdrop:
    water = [
        hill(rng, 0.1, 0.03, (40, 130, 200), 3),
        hill(rng, 0.45, 0.04, (28, 108, 180), 3),
        hill(rng, 0.75, 0.04, (20, 88, 158), 3),
    ]
    return Backdrop((176, 226, 250), (226, 244, 252), water)


def snow(rng) -> Backdrop:
    flakes = scattered(rng, 12, -0.95, 0.4, 0.045, (250, 252, 255))
    hills = [hill(rng, 0.3, 0.1, (226, 234, 246)), hill(rng, 0.55, 0.08, (246, 249, 255))]
    return Backdrop((142, 168, 208), (196, 212, 236), [*flakes, *hills])


def desert(rng) -> Backdrop:
    dunes = [hill(rng, 0.2, 0.14, (236, 190, 116)), hill(rng, 0.52, 0.12, (220, 164, 88))]
    return Backdrop((252, 222, 160), (254, 240, 206), dunes)


def mountains(rng) -> Backdrop:
    peaks = []
    for x in rng.permutation([-0.65, 0.05, 0.7]):
        x, top, wide = x + rng.uniform(-0.12, 0.12), rng.uniform(-0.55, -0.2), rng.uniform(0.6, 0.8)
        share = 0.28
        cap = [
            (x, top),
            (x + wide * share, top + (0.6 - top) * share),
            (x - wide * share, top + (0.6 - top) * share),
        ]
        peaks.append(
            polygon(
                [(x, top), (x + wide, 0.6), (x - wide, 0.6)],
                mix((98, 104, 136), (128, 132, 160), rng.uniform()),
                False,
            )
        )
        peaks.append(polygon(cap, (244, 246, 252), False))
    return Backdrop((164, 204, 240), (220, 234, 248), [*peaks, rectangle(-1.1, 0.58, 1.1, 1.1, (96, 140, 96), False)])


def city(rng) -> Backdrop:
    blocks, left = [], -1.05
    while left < 1:
        wide, top = rng.uniform(0.3, 0.48), rng.uniform(-0.55, 0.1)
        wall = mix((104, 112, 140), (140, 146, 168), rng.uniform())
        blocks.append(rectangle(left, top, left + wide - 0.03, 0.8, wall, False))
        for y in np.arange(top + 0.14, 0.55, 0.3):
            for x in (left + wide * 0.2, left + wide * 0.58):
                blocks.append(rectangle(x, y, x + wide * 0.2, y + 0.13, (248, 222, 140), False))
        left += wide
    return Backdrop((188, 206, 226), (232, 224, 214), [*blocks, rectangle(-1.1, 0.75, 1.1, 1.1, (84, 86, 98), False)])


def forest(rng) -> Backdrop:
    trunks = []
    for x in np.linspace(-0.9, 0.9, 5) + rng.uniform(-0.1, 0.1, 5):
        trunks.append(rectangle(x - 0.08, -0.5, x + 0.08, 0.7, (86, 66, 52), False))
    crowns = [
        ellipse(
            x,
            -0.75 + rng.uniform(-0.1, 0.1),
            0.42,
            0.4,
            mix((34, 88, 58), (52, 112, 66), rng.uniform()),
            lines=False,
        )
        for x in np.linspace(-0.95, 0.95, 6)
    ]
    return Backdrop((120, 168, 128), (160, 196, 150), [*trunks, *crowns, hill(rng, 0.62, 0.06, (58, 106, 60))])


def room(rng) -> Backdrop:
    wall = mix((240, 222, 198), (214, 226, 226), rng.uniform())
    side = rng.choice([-1, 1])
    window = [
        rectangle(side * 0.62 - 0.28, -0.8, side * 0.62 + 0.28, -0.15, (252, 250, 246), False),
        rectangle(side * 0.62 - 0.22, -0.74, side * 0.62 + 0.22, -0.21, (168, 214, 242), False),
    ]
    floor = [
        rectangle(-1.1, 0.5, 1.1, 1.1, (178, 124, 80), False),
        rectangle(-1.1, 0.46, 1.1, 0.53, (250, 246, 240), False),
    ]
    return Backdrop(wall, wall, [*window, *floor])


def space(rng) -> Backdrop:
    x, y = rng.choice([-0.7, 0.7]), rng.uniform(-0.75, -0.5)
    planet = mix((190, 110, 150), (110, 140, 190), rng.uniform())
    body = [
        ellipse(x, y, 0.26, fill=planet, lines=False),
        ellipse(x, y, 0.44, 0.07, mix(planet, (255, 255, 255), 0.4), lines=False),
    ]
    return Backdrop((20, 12, 36), (46, 22, 70), [*scattered(rng, 8, -0.95, 0.95, 0.035, (236, 226, 255)), *body])


def rain(rng) -> Backdrop:
    drops = []
    for x in np.linspace(-0.9, 0.9, 7):
        x, y = x + rng.uniform(-0.1, 0.1), rng.uniform(-0.6, 0.6)
        drops.append(
            polygon([(x, y), (x + 0.05, y), (x - 0.04, y + 0.28), (x - 0.09, y + 0.28)], (176, 204, 232), False)
        )
    puffs = [ellipse(x, -0.95, 0.36, 0.24, (96, 106, 124), lines=False) for x in np.linspace(-0.9, 0.9, 5)]
    return Backdrop(
        (116, 130, 152),
        (150, 164, 184),
        [*drops, *puffs, rectangle(-1.1, 0.8, 1.1, 1.1, (86, 98, 116), False)],
    )


def beach(rng) -> Backdrop:
    water = rectangle(-1.1, -0.05, 1.1, 0.4, (64, 176, 206), False)
    return Backdrop(
        (134, 204, 246),
        (206, 236, 252),
        [water, hill(rng, 0.36, 0.05, (236, 248, 250), 2), hill(rng, 0.42, 0.05, (244, 220, 164), 2)],
    )


def sky(rng) -> Backdrop:
    puffs = []
    for x, y in (
        (rng.uniform(-0.8, -0.3), rng.uniform(-0.8, 0.0)),
        (rng.uniform(0.3, 0.8), rng.uniform(-0.2, 0.8)),
    ):
        puffs += [
            ellipse(x + d, y - h, r, r * 0.75, (250, 252, 255), lines=False)
            for d, h, r in ((-0.2, 0, 0.17), (0, 0.08, 0.22), (0.22, 0, 0.16))
        ]
    return Backdrop((92, 170, 240), (170, 218, 252), puffs)


LANDSCAPES: dict[str, Place] = {
    "night": Place(
        ("in the night sky", "at night", "under a starry sky", "in the night", "night sky"),
        ((14, 18, 58), (44, 52, 110)),
        night,
    ),
    "sunset": Place(
        ("at sunset", "in the sunset", "at dusk", "at sundown", "sunset"),
        (DUSK_TOP, (198, 133, 129), DUSK_BOTTOM),
        sunset,
    ),
    "meadow": Place(
        ("on a meadow", "in the meadow", "on the grass", "in a field", "in the grass"),
        ((150, 212, 110), (116, 190, 88), (200, 230, 250)),
        meadow,
    ),
    "sea": Place(
        ("in the sea", "on the sea", "on the water", "in the ocean", "at sea"),
        ((40, 130, 200), (28, 108, 180), (200, 235, 250)),
        sea,
    ),
    "snow": Place(
        ("in the snow", "in winter", "on snow", "on a snowy day", "snow"),
        ((142, 168, 208), (196, 212, 236), (246, 249, 255)),
        snow,
    ),
    "desert": Place(
        ("in the desert", "on the sand dunes", "in a desert", "desert"),
        ((252, 222, 160), (236, 190, 116), (220, 164, 88)),
        desert,
    ),
    "mountains": Place(
        (
            "in the mountains",
            "in front of mountains",
            "before the mountains",
            "mountains",
        ),
        ((98, 104, 136), (128, 132, 160), (190, 220, 244)),
        mountains,
    ),
    "city": Place(
        ("in the city", "in a town", "in front of skyscrapers", "in the street", "city"),
        ((104, 112, 140), (140, 146, 168), (200, 210, 222)),
        city,
    ),
    "forest": Place(
        ("in the forest", "in the woods", "in a wood", "deep in the forest", "forest"),
        ((120, 168, 128), (160, 196, 150), (58, 106, 60)),
        forest,
    ),
    "room": Place(
        ("in a room", "indoors", "at home", "in the living room", "room"),
        ((240, 222, 198), (214, 226, 226), (178, 124, 80)),
        room,
    ),
    "space": Place(
        ("in space", "in outer space", "in the universe", "among the planets", "space"),
        ((20, 12, 36), (46, 22, 70)),
        space,
    ),
    "rain": Place(
        ("in the rain", "on a rainy day", "in bad weather", "rain"), ((116, 130, 152), (150, 164, 184)), rain
    ),
    "beach": Place(
        ("on the beach", "at the beach", "on the shore", "beach"),
        ((64, 176, 206), (244, 220, 164), (180, 225, 250)),
        beach,
    ),
    "sky": Place(("in the sky", "in the blue sky", "in the air", "sky"), ((92, 170, 240), (170, 218, 252)), sky),
}
DAY = {**LANDSCAPES, **MORE_PLACES}
OUTDOORS = ("hill", "meadow", "sea", "mountains", "beach", "city", "desert", "snow", "lake", "forest")
AT_HOUR = {f"{place} at {hour}": HOURS[hour].over(DAY[place]) for place in OUTDOORS for hour in HOURS}
DRAWN: dict[str, Place] = {**DAY, **AT_HOUR}
BACKGROUNDS = [*COLOURS, *DRAWN]
# Where there is ground to stand on.
GROUNDED = {
    name for name in DRAWN if name.split()[0] not in ("night", "sea", "space", "sky", "rain", "plain", "underwater")
}
# What is drawn when a caption names no background.
UNSAID = "plain"


def pick_background(rng: np.random.Generator) -> str:
    """A background at random: plain colours, the calm one, places, and places at sunset or at night."""
    options, share = (list(COLOURS), [UNSAID], list(DAY), list(AT_HOUR)), (0.26, 0.16, 0.38, 0.2)
    names = options[rng.choice(len(options), p=share)]
    return names[rng.integers(len(names))]


def backdrop(name: str, rng: np.random.Generator) -> Backdrop:
    """A plain colour, or a place drawn a little differently every time."""
    return Backdrop(COLOURS[name], COLOURS[name]) if name in COLOURS else DRAWN[name].draw(rng)


def tones(name: str) -> tuple[Colour, ...]:
    """The main colours of a background."""
    return (COLOURS[name],) if name in COLOURS else DRAWN[name].tones

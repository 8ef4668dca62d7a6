"""More places: a calm ground for when nobody says where, and what is near a house or under water."""

import numpy as np

from scenes.backdrop import Backdrop, Hour, Place, hill, scattered
from scenes.palette import mix
from scenes.parts import Part, ellipse, polygon, rectangle, stroke

WHITE = (250, 252, 255)
FURROW = (204, 168, 84)
FIELD = rectangle(-1.1, 0.32, 1.1, 1.1, (232, 204, 116), False)
SKY_TOP, SKY_BOTTOM = (150, 212, 250), (222, 242, 252)


def plain(rng) -> Backdrop:
    return Backdrop((166, 198, 224), (188, 214, 232), [ellipse(0, 1.15, 1.7, 0.42, (154, 188, 214), lines=False)])


def round_hill(rng) -> Backdrop:
    x, high = rng.uniform(-0.25, 0.25), rng.uniform(0.22, 0.34)
    puff = rng.uniform(-0.7, 0.7)
    return Backdrop(
        (140, 206, 250),
        (214, 240, 252),
        [
            *(
                ellipse(puff + d, -0.68 - h, r, r * 0.7, WHITE, lines=False)
                for d, h, r in ((-0.16, 0, 0.13), (0, 0.05, 0.17))
            ),
            ellipse(-x * 3 - 0.5, 1.2, 1.3, 0.75, (176, 214, 120), lines=False),
            ellipse(x, high + 1.1, 1.25, 1.1, (104, 178, 80), lines=False),
            *scattered(rng, 5, high + 0.36, 0.96, 0.035, (250, 246, 200)),
        ],
    )


def underwater(rng) -> Backdrop:
    weeds = []
    for x in rng.permutation(np.linspace(-0.9, 0.9, 7))[:5]:
        tall, bend = rng.uniform(0.3, 0.6), rng.uniform(-0.12, 0.12)
        weeds.append(stroke([(x, 1), (x + bend, 1 - tall / 2), (x - bend, 0.9 - tall)], 0.08, (34, 128, 110), False))
    return Backdrop(
        (52, 160, 200),
        (16, 74, 140),
        [*scattered(rng, 9, -0.9, 0.6, 0.045, (150, 220, 240)), *weeds, hill(rng, 0.84, 0.05, (206, 186, 130))],
    )


def garden(rng) -> Backdrop:
    pales = [
        polygon([(x, 0.4), (x, -0.06), (x + 0.08, -0.16), (x + 0.16, -0.06), (x + 0.16, 0.4)], (250, 248, 240), False)
        for x in np.linspace(-1.05, 0.95, 10)
    ]
    rails = [rectangle(-1.1, y, 1.1, y + 0.07, (232, 228, 218), False) for y in (0.0, 0.22)]
    blooms = []
    for x, y in zip(np.linspace(-0.9, 0.9, 8) + rng.uniform(-0.08, 0.08, 8), rng.uniform(0.56, 0.92, 8)):
        colour = ((240, 110, 130), (250, 210, 80), (190, 130, 220))[rng.integers(3)]
        blooms += [ellipse(x, y, 0.055, fill=colour, lines=False), ellipse(x, y, 0.02, fill=WHITE, lines=False)]
    return Backdrop(
        SKY_TOP, SKY_BOTTOM, [*rails, *pales, rectangle(-1.1, 0.36, 1.1, 1.1, (126, 194, 92), False), *blooms]
    )


def road(rng) -> Backdrop:
    marks = [
        rectangle(x, 0.7, x + 0.28, 0.78, (246, 240, 210), False)
        for x in np.arange(-1.1, 1.1, 0.5) + rng.uniform(0, 0.2)
    ]
    return Backdrop(
        SKY_TOP,
        SKY_BOTTOM,
        [hill(rng, 0.2, 0.08, (150, 204, 116)), rectangle(-1.1, 0.44, 1.1, 1.1, (96, 98, 110), False), *marks],
    )


def kitchen(rng) -> Backdrop:
    tiles = [rectangle(-1.1, y, 1.1, y + 0.03, (206, 222, 216), False) for y in np.arange(-0.9, 0.4, 0.3)]
    tiles += [rectangle(x, -1.1, x + 0.03, 0.42, (206, 222, 216), False) for x in np.arange(-0.9, 1.0, 0.3)]
    side = rng.choice([-1, 1])
    pot = side * 0.72
    return Backdrop(
        (232, 242, 236),
        (232, 242, 236),
        [
            *tiles,
            rectangle(-1.1, 0.4, 1.1, 0.52, (150, 106, 72), False),
            rectangle(-1.1, 0.52, 1.1, 1.1, (226, 196, 150), False),
            *(rectangle(x, 0.6, x + 0.56, 1.1, (212, 178, 130), False) for x in (-0.96, -0.28, 0.4)),
            rectangle(pot - 0.2, 0.14, pot + 0.2, 0.4, (120, 130, 146), False),
            rectangle(pot - 0.28, 0.18, pot + 0.28, 0.24, (90, 98, 112), False),
        ],
    )


def lake(rng) -> Backdrop:
    shine = [
        rectangle(x, y, x + 0.3, y + 0.03, (150, 210, 236), False)
        for x, y in zip(rng.uniform(-0.9, 0.6, 5), np.linspace(0.3, 0.74, 5))
    ]
    return Backdrop(
        SKY_TOP,
        SKY_BOTTOM,
        [
            hill(rng, -0.06, 0.1, (126, 176, 130)),
            rectangle(-1.1, 0.14, 1.1, 1.1, (92, 168, 214), False),
            *shine,
            hill(rng, 0.86, 0.05, (110, 178, 92)),
        ],
    )


def farm(rng) -> Backdrop:
    x = rng.choice([-0.66, 0.66])
    barn = [
        rectangle(x - 0.3, -0.16, x + 0.3, 0.32, (186, 74, 62), False),
        polygon([(x - 0.36, -0.14), (x - 0.2, -0.4), (x + 0.2, -0.4), (x + 0.36, -0.14)], (120, 76, 66), False),
        rectangle(x - 0.13, 0.04, x + 0.13, 0.32, (244, 232, 214), False),
    ]
    rows: list[Part] = []
    for step in range(6):
        near = -1.6 + 0.64 * step
        rows.append(
            polygon([(near * 0.6, 0.32), (near * 0.6 + 0.1, 0.32), (near + 0.24, 1.1), (near, 1.1)], FURROW, False)
        )
    return Backdrop(SKY_TOP, SKY_BOTTOM, [hill(rng, 0.16, 0.06, (150, 200, 110)), *barn, FIELD, *rows])


def autumn(rng) -> Backdrop:
    trees: list[Part] = []
    for x in np.linspace(-0.9, 0.9, 5) + rng.uniform(-0.1, 0.1, 5):
        crown = mix((222, 120, 50), (236, 176, 70), rng.uniform())
        trees += [
            rectangle(x - 0.05, -0.3, x + 0.05, 0.5, (112, 78, 58), False),
            ellipse(x, -0.42 + rng.uniform(-0.08, 0.08), 0.27, 0.34, crown, lines=False),
        ]
    fallen = scattered(rng, 8, 0.6, 0.96, 0.04, (214, 104, 48))
    return Backdrop((236, 224, 206), (250, 236, 206), [*trees, hill(rng, 0.5, 0.05, (206, 168, 96)), *fallen])


def setting_sun(rng) -> list[Part]:
    x, y = rng.uniform(-0.7, 0.7), rng.uniform(-0.3, -0.05)
    return [
        ellipse(x, y, 0.42, fill=(250, 168, 128), lines=False),
        ellipse(x, y, 0.3, fill=(255, 228, 140), lines=False),
    ]


def moon_and_stars(rng) -> list[Part]:
    x = rng.choice([-0.62, 0.62])
    return [
        *scattered(rng, 10, -0.95, 0.1, 0.032, (250, 240, 190)),
        ellipse(x, -0.66, 0.2, fill=(246, 240, 210), lines=False),
        ellipse(x + 0.06, -0.72, 0.05, fill=(226, 218, 190), lines=False),
    ]


DUSK_TOP, DUSK_BOTTOM = (116, 66, 136), (252, 178, 124)
NIGHT_TOP, NIGHT_BOTTOM = (14, 18, 58), (44, 52, 110)
HOURS: dict[str, Hour] = {
    "sunset": Hour(
        ("at sunset", "at sunset", "at sunset", "at dusk", "in the evening"),
        DUSK_TOP,
        DUSK_BOTTOM,
        ((96, 48, 96), 0.4),
        setting_sun,
    ),
    "night": Hour(
        ("at night", "by night", "under a starry sky"), NIGHT_TOP, NIGHT_BOTTOM, ((18, 22, 66), 0.6), moon_and_stars
    ),
}
MORE_PLACES: dict[str, Place] = {
    "plain": Place(("on a plain background", "plain background", "simple background"), ((178, 206, 228),), plain),
    "hill": Place(
        ("on a hill", "on a hill", "on a green hill", "on top of a hill", "hill"),
        ((104, 178, 80), (176, 214, 120), (190, 228, 250)),
        round_hill,
    ),
    "underwater": Place(
        ("underwater", "under water", "under the sea", "at the bottom of the sea"),
        ((52, 160, 200), (34, 117, 170), (16, 74, 140)),
        underwater,
    ),
    "garden": Place(
        ("in the garden", "in a garden", "in the park", "in the back yard", "garden"),
        ((126, 194, 92), (250, 248, 240), (200, 230, 250)),
        garden,
    ),
    "road": Place(
        ("on the road", "on a road", "on the street", "by the road", "road"),
        ((96, 98, 110), (150, 204, 116), (200, 230, 250)),
        road,
    ),
    "kitchen": Place(
        ("in the kitchen", "in a kitchen", "kitchen"), ((232, 242, 236), (226, 196, 150), (212, 178, 130)), kitchen
    ),
    "lake": Place(
        ("at the lake", "by a lake", "at the river", "by the river", "lake"),
        ((92, 168, 214), (126, 176, 130), (200, 230, 250)),
        lake,
    ),
    "farm": Place(
        ("on the farm", "on a farm", "in front of a barn", "farm"),
        ((232, 204, 116), (204, 168, 84), (200, 230, 250)),
        farm,
    ),
    "autumn": Place(
        ("in autumn", "in the autumn forest", "in an autumn park", "on an autumn day", "autumn"),
        ((222, 130, 54), (206, 168, 96), (244, 230, 206)),
        autumn,
    ),
}

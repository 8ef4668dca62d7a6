"""Sky and weather."""

import numpy as np

from scenes.parts import Part, curve, ellipse, polygon, rectangle, stroke
from scenes.thing import BROWN, INK, Thing, about, cluster, eye


def sun(rng: np.random.Generator) -> list[Part]:
    turn, tip = rng.uniform(0, 45), np.array([(0.64, -0.2), (0.98, 0), (0.64, 0.2)])
    angles = np.radians(turn + np.arange(8) * 45)
    rays = [tip @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) for a in angles]
    return [
        *(polygon(ray) for ray in rays),
        ellipse(0, 0, 0.56),
        ellipse(0, 0, 0.42, fill="light", lines=False),
    ]


def moon(rng: np.random.Generator) -> list[Part]:
    bite = about(rng, 0.78)
    turn = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    rim = np.stack([np.cos(turn), np.sin(turn)], 1)
    centre = np.array([0.46, -0.14])
    outside = np.linalg.norm(rim - centre, axis=1) > bite
    start = np.flatnonzero(outside & ~np.roll(outside, 1))[0]
    rim = np.roll(rim, -start, 0)[: outside.sum()]
    ends = [np.arctan2(*(point - centre)[::-1]) for point in (rim[-1], rim[0])]
    inner = np.linspace(ends[0] + 2 * np.pi * (ends[0] < ends[1]), ends[1], 60)
    bay = centre + bite * np.stack([np.cos(inner), np.sin(inner)], 1)
    return [
        polygon(np.add(np.concatenate([rim, bay]), (0.1, 0))),
        ellipse(-0.54, 0.16, 0.12, fill="dark", lines=False),
        ellipse(-0.26, 0.66, 0.1, fill="dark", lines=False),
    ]


def cloud(rng: np.random.Generator) -> list[Part]:
    left, right = about(rng, 0.4), about(rng, 0.44)
    puffs = [(-0.58, 0.3, left), (-0.16, -0.06, 0.5), (0.34, 0.06, right), (0.68, 0.4, 0.31), (0, 0.4, 0.5)]
    outline = cluster(0, 0.2, puffs)
    outline[:, 1] = np.minimum(outline[:, 1], 0.7)
    return [
        polygon(outline),
        ellipse(-0.24, -0.16, 0.24, 0.2, "light", lines=False),
        polygon(outline[outline[:, 1] > 0.5], "dark", lines=False),
    ]


def umbrella(rng: np.random.Generator) -> list[Part]:
    dome = curve([(-1, 0.12), (-0.9, -1.06), (0.9, -1.06), (1, 0.12)])
    edge = [curve([(x, 0.12), (x - 1 / 3, -0.14), (x - 2 / 3, 0.12)], 10) for x in (1, 1 / 3, -1 / 3)]
    panel = np.concatenate(
        [
            curve([(-1 / 3, 0.12), (-0.3, -0.5), (0, -0.76)], 10),
            curve([(0, -0.76), (0.3, -0.5), (1 / 3, 0.12)], 10),
            edge[1],
        ]
    )
    handle = [(0, -0.95), (0, 0.3), *curve([(0, 0.72), (0, 1.06), (0.36, 1.06), (0.36, about(rng, 0.7))])]
    return [
        stroke(handle, 0.11, BROWN),
        polygon(np.concatenate([dome, *edge])),
        polygon(panel, "light"),
    ]


def snowman(rng: np.random.Generator) -> list[Part]:
    hat = about(rng, 0.3)
    return [
        ellipse(0, 0.48, 0.58, 0.52),
        ellipse(0, -0.24, 0.42, 0.4),
        ellipse(0, 0.3, 0.085, fill=INK, lines=False),
        ellipse(0, 0.6, 0.085, fill=INK, lines=False),
        polygon([(-0.38, -0.04), (0.38, -0.04), (0.38, 0.14), (-0.38, 0.14)], "dark"),
        polygon([(0.14, 0.06), (0.36, 0.06), (0.42, 0.5), (0.2, 0.5)], "dark"),
        *eye(-0.18, -0.34, 0.1),
        *eye(0.16, -0.34, 0.1),
        polygon([(0, -0.26), (0.5, -0.14), (0, -0.1)], (245, 135, 45)),
        rectangle(-hat, -1, hat, -0.56, (62, 60, 84)),
        rectangle(-0.46, -0.64, 0.46, -0.52, (62, 60, 84)),
    ]


def lightning(rng: np.random.Generator) -> list[Part]:
    lean = rng.uniform(-0.06, 0.06)
    bolt = [
        (-0.02 + lean, -1),
        (0.66 + lean, -1),
        (0.26, -0.28),
        (0.72, -0.28),
        (-0.42, 1),
        (-0.08, 0.16),
        (-0.62, 0.16),
    ]
    return [
        polygon(bolt),
        polygon([(-0.02 + lean, -1), (0.24 + lean, -1), (-0.34, 0.16), (-0.62, 0.16)], "light", lines=False),
    ]


WEATHER = [
    Thing("sun", "suns", (), "yellow", sun),
    Thing("moon", "moons", ("crescent", "crescent moon"), "yellow", moon),
    Thing("cloud", "clouds", ("fluffy cloud",), "white", cloud),
    Thing("umbrella", "umbrellas", ("parasol",), "purple", umbrella),
    Thing("snowman", "snowmen", (), "white", snowman),
    Thing(
        "lightning",
        "lightning bolts",
        ("lightning bolt", "thunderbolt", "flash"),
        "yellow",
        lightning,
    ),
]

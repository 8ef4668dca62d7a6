"""Tools, musical instruments, furniture and what sport needs."""

import numpy as np

from scenes.parts import Part, curve, ellipse, moved, polygon, rectangle, stroke
from scenes.thing import BROWN, CREAM, GOLD, INK, WHITE, Thing, about, cluster, mirrored, rounded, smooth

WOOD = (176, 120, 72)


def round_band(x: float, y: float, inner: float, outer: float, fill="main") -> list[Part]:
    """A ring; the second band hides the line that joins the two circles of the first."""
    turn = np.linspace(0, 2 * np.pi, 48)
    rim = np.stack([np.cos(turn), np.sin(turn)], 1)

    def band(inside: float, outside: float, lines: bool) -> Part:
        return polygon(np.add(np.concatenate([rim * outside, rim[::-1] * inside]), (x, y)), fill, lines)

    return [band(inner, outer, True), band(inner + 0.02, outer - 0.02, False)]


def hammer(rng: np.random.Generator) -> list[Part]:
    wide = about(rng, 0.11)
    tool = [
        polygon([(-wide, -0.5), (wide, -0.5), (wide + 0.05, 1), (-wide - 0.05, 1)], WOOD),
        rectangle(-wide - 0.04, 0.6, wide + 0.04, 0.74, "dark", lines=False),
        polygon([(-0.2, -0.96), (0.5, -0.9), (0.5, -0.44), (-0.2, -0.4)]),
        polygon(smooth([(-0.1, -0.96), (-0.56, -0.9), (-0.92, -0.5), (-0.5, -0.62), (-0.1, -0.44)])),
        polygon(rounded(0.46, -0.98, 0.84, -0.36, 0.08), "dark"),
        rectangle(-0.16, -0.86, 0.42, -0.74, "light", lines=False),
    ]
    return moved(tool, turn=rng.uniform(4, 14), scale=0.94)


def sword(rng: np.random.Generator) -> list[Part]:
    half = about(rng, 0.17)
    return [
        polygon(mirrored([(0, -1), (half, -0.76), (half, 0.4)])),
        polygon([(0, -1), (half, -0.76), (half, 0.4), (0, 0.4)], "light", lines=False),
        stroke([(0, -0.8), (0, 0.36)], 0.05, "dark", lines=False),
        rectangle(-0.11, 0.5, 0.11, 0.88, BROWN),
        stroke([(-0.1, 0.62), (0.1, 0.68)], 0.05, CREAM, lines=False),
        stroke([(-0.1, 0.74), (0.1, 0.8)], 0.05, CREAM, lines=False),
        polygon(
            smooth([(-0.5, 0.3), (-0.2, 0.38), (0.2, 0.38), (0.5, 0.3), (0.5, 0.48), (0, 0.56), (-0.5, 0.48)]), GOLD
        ),
        ellipse(0, 0.9, 0.14, 0.1, GOLD),
    ]


def key(rng: np.random.Generator) -> list[Part]:
    long = rng.uniform(0.36, 0.44)
    return [
        rectangle(-0.11, -0.1, 0.11, 1),
        rectangle(0.05, 0.44, long, 0.6),
        rectangle(0.05, 0.74, long + 0.08, 0.92),
        *round_band(0, -0.5, 0.24, 0.5),
        stroke([(-0.05, 0.06), (-0.05, 0.96)], 0.06, "light", lines=False),
        rectangle(-0.2, -0.06, 0.2, 0.08, "dark"),
    ]


def guitar(rng: np.random.Generator) -> list[Part]:
    size = about(rng, 0.52)
    body = cluster(0, 0.3, [(0, 0.5, size), (0, -0.06, 0.4), (0, 0.22, 0.38)])
    strings = [stroke([(x, -0.86), (x, 0.62)], 0.025, CREAM, lines=False) for x in (-0.05, 0, 0.05)]
    instrument = [
        polygon(body),
        ellipse(0, 0.14, 0.2, fill=(60, 40, 34), lines=False),
        rectangle(-0.1, -0.86, 0.1, 0.1, (92, 62, 48)),
        polygon([(-0.12, -0.8), (0.12, -0.8), (0.17, -1), (-0.17, -1)], "dark"),
        *(ellipse(x, -0.9, 0.05, fill=GOLD, lines=False) for x in (-0.2, 0.2)),
        *strings,
        rectangle(-0.18, 0.58, 0.18, 0.68, (60, 40, 34), lines=False),
    ]
    return moved(instrument, turn=rng.uniform(14, 24), scale=0.98)


def drum(rng: np.random.Generator) -> list[Part]:
    top, low, half = rng.uniform(-0.22, -0.14), 0.76, 0.82
    zigzag = [(-half + 0.02 + 0.2 * step, (top + 0.26, low - 0.02)[step % 2]) for step in range(9)]
    return [
        polygon([(-half, top), (half, top), *ellipse(0, low, half, 0.22, start=0, end=180).points]),
        stroke(zigzag, 0.07, GOLD, lines=False),
        polygon(
            np.concatenate([ellipse(0, low, half, 0.22, start=0, end=180).points, [(-half, 0.66), (half, 0.66)]]),
            "dark",
        ),
        ellipse(0, top, half + 0.03, 0.25, "dark"),
        ellipse(0, top - 0.03, half - 0.06, 0.19, WHITE, lines=False),
        stroke([(-0.8, -0.9), (-0.1, top)], 0.09, WOOD),
        stroke([(0.8, -0.9), (0.1, top)], 0.09, WOOD),
        ellipse(-0.1, top, 0.1, 0.09, WOOD),
        ellipse(0.1, top, 0.1, 0.09, WOOD),
    ]


def piano(rng: np.random.Generator) -> list[Part]:
    top = rng.uniform(-0.8, -0.72)
    keys = np.linspace(-0.84, 0.84, 9)
    return [
        rectangle(-0.9, 0.4, -0.7, 1, "dark"),
        rectangle(0.7, 0.4, 0.9, 1, "dark"),
        rectangle(-0.84, 0.1, 0.84, 0.86),
        rectangle(-0.2, 0.8, 0.2, 0.92, GOLD, lines=False),
        rectangle(-0.88, top, 0.88, 0.12),
        rectangle(-0.96, top - 0.1, 0.96, top + 0.06, "dark"),
        polygon([(-0.36, top + 0.2), (0.36, top + 0.2), (0.36, -0.12), (-0.36, -0.12)], CREAM),
        *(stroke([(-0.24, y), (0.24, y)], 0.04, INK, lines=False) for y in (-0.46, -0.34, -0.22)),
        rectangle(-1, 0.1, 1, 0.48, "dark"),
        rectangle(-0.86, 0.14, 0.86, 0.42, WHITE, lines=False),
        *(rectangle(x - 0.015, 0.14, x + 0.015, 0.42, (150, 150, 160), lines=False) for x in keys[1:-1]),
        *(rectangle(x - 0.06, 0.14, x + 0.06, 0.31, INK, lines=False) for i, x in enumerate(keys[1:-1]) if i % 4 != 2),
    ]


def chair(rng: np.random.Generator) -> list[Part]:
    half = about(rng, 0.52)
    return [
        rectangle(-half, -1, -half + 0.15, 0.2, "dark"),
        rectangle(half - 0.15, -1, half, 0.2, "dark"),
        polygon(rounded(-half, -1, half, -0.66, 0.08)),
        rectangle(-half, -0.48, half, -0.28),
        rectangle(-half + 0.08, 0.2, -half + 0.24, 0.86, "dark"),
        rectangle(half - 0.24, 0.2, half - 0.08, 0.86, "dark"),
        polygon([(-half, 0.02), (half, 0.02), (half + 0.16, 0.3), (-half - 0.16, 0.3)], "light"),
        rectangle(-half - 0.16, 0.3, half + 0.16, 0.42),
        rectangle(-half - 0.14, 0.42, -half + 0.04, 1),
        rectangle(half - 0.04, 0.42, half + 0.14, 1),
    ]


def table(rng: np.random.Generator) -> list[Part]:
    leg = about(rng, 0.14)
    return [
        rectangle(-0.62, -0.1, -0.62 + leg, 0.76, "dark"),
        rectangle(0.62 - leg, -0.1, 0.62, 0.76, "dark"),
        polygon([(-0.74, -0.44), (0.74, -0.44), (1, -0.12), (-1, -0.12)], "light"),
        rectangle(-0.86, 0.0, -0.86 + leg, 1),
        rectangle(0.86 - leg, 0.0, 0.86, 1),
        rectangle(-0.9, 0.0, 0.9, 0.18, "dark"),
        rectangle(-1, -0.12, 1, 0.06),
    ]


def bed(rng: np.random.Generator) -> list[Part]:
    head = rng.uniform(-0.56, -0.46)
    return [
        polygon(rounded(-1, head, -0.82, 0.94, 0.07), WOOD),
        rectangle(-0.9, 0.6, 0.9, 0.8, WOOD),
        rectangle(-0.86, 0.8, -0.72, 1, WOOD),
        rectangle(0.78, 0.2, 0.94, 1, WOOD),
        polygon(rounded(-0.82, 0.22, 0.82, 0.62, 0.08), WHITE),
        polygon(rounded(-0.8, -0.06, -0.34, 0.26, 0.12), (232, 238, 250)),
        polygon(rounded(-0.3, 0.06, 0.86, 0.74, 0.12)),
        rectangle(-0.3, 0.16, -0.14, 0.74, "light", lines=False),
        *(
            ellipse(x, y, 0.07, fill="dark", lines=False)
            for x, y in ((0.1, 0.28), (0.44, 0.28), (0.28, 0.52), (0.62, 0.52))
        ),
    ]


def ball(rng: np.random.Generator) -> list[Part]:
    turn = rng.uniform(0, 72)
    angles = np.radians(np.arange(5) * 72 + turn - 90)
    rays = np.stack([np.cos(angles), np.sin(angles)], 1)
    patch = (62, 58, 74)
    edges = []
    for a in angles:
        near, far = 0.74, 1.0
        wedge = [(near, -0.16), (far, -0.3), (far, 0.3), (near, 0.16)]
        edges.append([(r * np.cos(a + d), r * np.sin(a + d)) for r, d in wedge])
    return [
        ellipse(0, 0, 1),
        *(stroke([ray * 0.36, ray * 0.78], 0.06, patch, lines=False) for ray in rays),
        polygon(rays * 0.38, patch, lines=False),
        *(polygon(edge, patch, lines=False) for edge in edges),
        ellipse(-0.4, -0.46, 0.16, 0.12, "light", lines=False),
    ]


def bicycle(rng: np.random.Generator) -> list[Part]:
    size = about(rng, 0.42)
    back, front, saddle, bar, pedal = (-0.56, 1 - size), (0.56, 1 - size), (-0.24, -0.2), (0.4, -0.28), (-0.06, 0.56)
    spokes = [
        stroke([(x - size * dx, y - size * dy), (x + size * dx, y + size * dy)], 0.04, (214, 216, 224), lines=False)
        for x, y in (back, front)
        for dx, dy in ((0.9, 0), (0, 0.9), (0.63, 0.63), (0.63, -0.63))
    ]
    return [
        *spokes,
        *round_band(*back, size - 0.13, size, "dark"),
        *round_band(*front, size - 0.13, size, "dark"),
        *(stroke(line, 0.13) for line in ([back, pedal], [back, (-0.2, 0.02)], [pedal, (0.42, -0.02)], [front, bar])),
        stroke([pedal, saddle], 0.13),
        stroke([(-0.2, 0.02), (0.42, -0.02)], 0.13),
        ellipse(*pedal, 0.13, fill="light"),
        polygon(smooth([(-0.46, -0.32), (-0.2, -0.34), (0.0, -0.24), (-0.2, -0.16), (-0.44, -0.18)]), INK),
        stroke(curve([(0.4, -0.28), (0.36, -0.5), (0.62, -0.5), (0.7, -0.36)]), 0.1, INK),
    ]


TOOLS = [
    Thing("hammer", "hammers", ("mallet",), "grey", hammer),
    Thing("sword", "swords", (), "grey", sword),
    Thing("key", "keys", (), "yellow", key),
    Thing("guitar", "guitars", ("acoustic guitar",), "brown", guitar),
    Thing("drum", "drums", ("snare drum",), "red", drum),
    Thing("piano", "pianos", (), "black", piano),
    Thing("chair", "chairs", ("wooden chair", "stool"), "brown", chair),
    Thing("table", "tables", ("desk",), "brown", table),
    Thing("bed", "beds", (), "blue", bed),
    Thing("ball", "balls", ("football", "soccer ball"), "white", ball),
    Thing("bicycle", "bicycles", ("bike",), "red", bicycle),
]

"""Things that people made: vehicles, buildings, objects."""

import numpy as np

from scenes.parts import Part, curve, ellipse, polygon, rectangle, stroke
from scenes.thing import Thing, vary

INK, GLASS, WHITE, WOOD, GOLD = (40, 40, 48), (190, 228, 245), (250, 250, 250), (125, 80, 45), (255, 205, 70)


def wheels(places: tuple[float, ...], y: float, size: float) -> list[Part]:
    tyres = [ellipse(x, y, size, fill=INK) for x in places]
    return [*tyres, *(ellipse(x, y, size * 0.45, fill=(200, 200, 205), lines=False) for x in places)]


def car(rng) -> list[Part]:
    cabin = polygon([(-0.55, -0.05), (-0.35, -0.52), (0.3, -0.52), (0.58, -0.05)])
    windows = [polygon([(-0.4, -0.08), (-0.27, -0.4), (-0.05, -0.4), (-0.05, -0.08)], GLASS, False), polygon([(0.05, -0.08), (0.05, -0.4), (0.24, -0.4), (0.42, -0.08)], GLASS, False)]
    body = polygon([(-0.98, 0.1), (-0.85, -0.08), (0.8, -0.08), (0.98, 0.12), (0.98, 0.45), (-0.98, 0.45)])
    return [cabin, body, *windows, *wheels((-0.52, 0.52), 0.48, vary(rng, 0.23))]


def bus(rng) -> list[Part]:
    windows = [rectangle(x, -0.42, x + 0.32, -0.05, GLASS, False) for x in (-0.85, -0.42, 0.01, 0.44)]
    stripe = rectangle(-0.98, 0.15, 0.98, 0.27, "light", False)
    return [rectangle(-0.98, -0.62, 0.98, 0.55), *windows, stripe, *wheels((-0.55, 0.55), 0.58, vary(rng, 0.22))]


def boat(rng) -> list[Part]:
    sails = [polygon([(0.06, -0.95), (0.06, 0.2), (0.75, 0.2)], WHITE), polygon([(-0.06, -0.7), (-0.06, 0.2), (-0.6, 0.2)], WHITE)]
    hull = polygon([(-0.98, 0.32), (0.98, 0.32), (0.6, vary(rng, 0.85)), (-0.6, 0.85)])
    return [rectangle(-0.05, -0.98, 0.05, 0.35, WOOD), *sails, hull]


def rocket(rng) -> list[Part]:
    flame = polygon([(-0.25, 0.55), (0.25, 0.55), (0, 1)], (255, 165, 45))
    fins = [polygon([(s * 0.3, 0.1), (s * 0.72, 0.72), (s * 0.28, 0.58)], "dark") for s in (-1, 1)]
    wide = vary(rng, 0.45)
    half = curve([(0, -1), (wide, -0.65), (wide * 1.05, 0.1), (0.3, 0.6)])
    body = polygon(np.concatenate([half, (half * (-1, 1))[::-1]]))
    return [flame, *fins, body, ellipse(0, -0.2, 0.19, fill=GLASS)]


def plane(rng) -> list[Part]:
    body = polygon(np.concatenate([curve([(-1, 0.1), (-0.95, -0.3), (-0.3, -0.25), (0.9, -0.15)]), curve([(0.9, -0.15), (0.9, 0.2), (0.2, 0.35), (-1, 0.1)])]))
    tail = polygon([(0.55, -0.1), (0.75, -0.7), (0.98, -0.7), (0.92, -0.05)], "dark")
    wing = polygon([(-0.2, 0.1), (0.3, 0.1), (0.55, 0.8), (0.3, 0.8)], "dark")
    ports = [ellipse(x, -0.06, 0.07, fill=GLASS, lines=False) for x in (-0.6, -0.3, 0.0, 0.3)]
    return [tail, body, wing, *ports]


def train(rng) -> list[Part]:
    cabin = rectangle(0.2, -0.7, 0.9, 0.5)
    boiler = rectangle(-0.85, -0.2, 0.3, 0.5, "main")
    chimney = polygon([(-0.7, -0.65), (-0.4, -0.65), (-0.46, -0.15), (-0.64, -0.15)], INK)
    return [chimney, boiler, cabin, rectangle(0.12, -0.8, 0.98, -0.66, "dark"), rectangle(0.38, -0.5, 0.72, -0.15, GLASS, False), *wheels((-0.6, -0.1, 0.5), 0.6, vary(rng, 0.24))]


def house(rng) -> list[Part]:
    roof = polygon([(-0.95, -0.1), (0, vary(rng, -0.92)), (0.95, -0.1)], "dark")
    windows = [rectangle(x, 0.15, x + 0.28, 0.45, GLASS, False) for x in (-0.6, 0.32)]
    return [rectangle(-0.75, -0.12, 0.75, 0.95), roof, *windows, rectangle(-0.16, 0.4, 0.16, 0.95, WOOD, False)]


def castle(rng) -> list[Part]:
    def tower(x: float, top: float) -> list[Part]:
        teeth = [rectangle(x - 0.26 + i * 0.2, top - 0.15, x - 0.14 + i * 0.2, top + 0.02) for i in range(3)]
        return [rectangle(x - 0.26, top, x + 0.26, 0.95), *teeth]

    gate = polygon([(-0.2, 0.95), *[(0.2 * np.cos(a), 0.5 + 0.25 * np.sin(a)) for a in np.linspace(np.pi, 2 * np.pi, 20)], (0.2, 0.95)], INK, False)
    flag = [rectangle(-0.03, -0.98, 0.03, -0.4, INK), polygon([(0.03, -0.98), (0.4, -0.85), (0.03, -0.7)], (230, 60, 60))]
    return [*flag, rectangle(-0.5, -0.05, 0.5, 0.95, "dark"), *tower(-0.66, -0.35), *tower(0.66, -0.35), *tower(0, vary(rng, -0.4, 0.1)), gate]


def lighthouse(rng) -> list[Part]:
    body = polygon([(-0.28, -0.5), (0.28, -0.5), (0.45, 0.95), (-0.45, 0.95)])
    bands = [polygon([(-x, y), (x, y), (x + 0.04, y + 0.28), (-x - 0.04, y + 0.28)], WHITE, False) for x, y in ((0.315, -0.2), (0.385, 0.4))]
    lamp = rectangle(-0.2, -0.78, 0.2, -0.5, GOLD)
    return [body, *bands, lamp, rectangle(-0.36, -0.55, 0.36, -0.46, INK), polygon([(-0.3, -0.78), (0, -1), (0.3, -0.78)], "dark")]


def tent(rng) -> list[Part]:
    high = vary(rng, -0.7)
    return [polygon([(0, high), (0.98, 0.8), (-0.98, 0.8)]), polygon([(0, high), (0.45, 0.8), (-0.45, 0.8)], "dark"), polygon([(0, high + 0.5), (0.22, 0.8), (-0.22, 0.8)], INK, False)]


def balloon(rng) -> list[Part]:
    string = stroke(curve([(0, 0.5), (0.15, 0.65), (-0.15, 0.8), (0.05, 1)]), 0.06, INK)
    return [string, polygon([(0, 0.4), (0.12, 0.58), (-0.12, 0.58)], "dark"), ellipse(0, -0.25, 0.62, vary(rng, 0.74, 0.04)), ellipse(-0.25, -0.52, 0.13, 0.18, "light", lines=False)]


def crown(rng) -> list[Part]:
    points = [(-0.95, 0.7), (-0.95, -0.5), (-0.45, 0.1), (0, -0.75), (0.45, 0.1), (0.95, -0.5), (0.95, 0.7)]
    jewels = [ellipse(x, 0.42, 0.13, fill=c, lines=False) for x, c in ((-0.5, (220, 50, 80)), (0, (60, 120, 220)), (0.5, (220, 50, 80)))]
    return [polygon(points), *jewels]


def cup(rng) -> list[Part]:
    steam = [stroke(curve([(x, -0.45), (x + 0.15, -0.6), (x - 0.15, -0.8), (x, -0.95)]), 0.07, (225, 228, 235), False) for x in (-0.3, 0.1)]
    angles = np.linspace(-np.pi / 2, np.pi / 2, 24)
    outer = np.stack([0.5 + 0.45 * np.cos(angles), 0.2 + 0.42 * np.sin(angles)], 1)
    inner = np.stack([0.5 + 0.25 * np.cos(angles), 0.2 + 0.24 * np.sin(angles)], 1)[::-1]
    return [*steam, polygon(np.concatenate([outer, inner])), polygon([(-0.75, -0.3), (0.55, -0.3), (0.4, 0.9), (-0.6, 0.9)]), rectangle(-0.75, -0.32, 0.55, -0.2, "dark", False)]


def key(rng) -> list[Part]:
    angles = np.linspace(0, 2 * np.pi, 40)
    circle = np.stack([np.cos(angles), np.sin(angles)], 1)
    bow = polygon(np.concatenate([circle * 0.42, circle[::-1] * 0.2]) + (-0.55, 0))
    return [bow, rectangle(-0.18, -0.1, 0.95, 0.1), rectangle(0.7, 0.05, 0.85, 0.4), rectangle(0.42, 0.05, 0.57, 0.32)]


def gift(rng) -> list[Part]:
    bow = [ellipse(s * 0.27, -0.6, 0.26, 0.18, GOLD) for s in (-1, 1)]
    return [*bow, rectangle(-0.75, -0.1, 0.75, 0.95), rectangle(-0.88, -0.42, 0.88, -0.05), rectangle(-0.13, -0.42, 0.13, 0.95, GOLD, False)]


VEHICLES = [
    Thing("car", "cars", "red", car, ("automobile",)),
    Thing("bus", "buses", "yellow", bus, ("coach",)),
    Thing("boat", "boats", "brown", boat, ("sailboat", "ship", "sailing boat")),
    Thing("rocket", "rockets", "red", rocket, ("spaceship", "spacecraft")),
    Thing("plane", "planes", "white", plane, ("airplane", "aeroplane", "jet")),
    Thing("train", "trains", "green", train, ("locomotive", "steam train")),
]
BUILDINGS = [
    Thing("house", "houses", "red", house, ("home", "cottage")),
    Thing("castle", "castles", "grey", castle, ("fortress",)),
    Thing("lighthouse", "lighthouses", "red", lighthouse),
    Thing("tent", "tents", "orange", tent),
]
OBJECTS = [
    Thing("balloon", "balloons", "red", balloon),
    Thing("crown", "crowns", "yellow", crown),
    Thing("cup", "cups", "white", cup, ("mug", "cup of tea", "cup of coffee")),
    Thing("key", "keys", "yellow", key),
    Thing("gift", "gifts", "blue", gift, ("present", "parcel")),
]

"""People, each with the clothes and the tool that tell what they are."""

import numpy as np

from scenes.figure import arms, coat, hair_of, head, legs, royal_crown, skin_of
from scenes.parts import Part, curve, ellipse, polygon, rectangle, stroke
from scenes.thing import BROWN, GLASS, GOLD, INK, MOUTH, WHITE, Thing, about, eye, mirrored, rounded, smooth

STEEL = (186, 192, 204)
STRAW = (240, 206, 120)
SILVER_HAIR = (226, 226, 230)


def girl(rng: np.random.Generator) -> list[Part]:
    skin, hair, long = skin_of(rng), hair_of(rng), about(rng, 0.1)
    fringe = [(0, -0.84), (0.3, -0.76), (0.42, -0.4), (0.32, -0.44), (0.08, -0.6), (-0.3, -0.42), (-0.42, -0.4)]
    return [
        polygon(smooth(mirrored([(0.1, -0.88), (0.4, -0.74), (0.52, -0.2), (0.48, long), (0.2, 0.06)])), hair),
        rectangle(-0.2, 0.6, -0.06, 0.92, skin),
        rectangle(0.06, 0.6, 0.2, 0.92, skin),
        ellipse(-0.16, 0.94, 0.16, 0.08, "dark"),
        ellipse(0.16, 0.94, 0.16, 0.08, "dark"),
        *arms("main", skin),
        coat(0.72, 0.6),
        polygon([(-0.55, 0.58), (0.55, 0.58), (0.6, 0.72), (-0.6, 0.72)], "light", lines=False),
        *head(skin, ears=False),
        polygon(smooth([*fringe, (-0.3, -0.76)]), hair, lines=False),
        polygon([(0.26, -0.74), (0.56, -0.9), (0.56, -0.6)]),
        polygon([(0.3, -0.74), (0.02, -0.92), (0.04, -0.6)]),
    ]


def boy(rng: np.random.Generator) -> list[Part]:
    skin, hair, high = skin_of(rng), hair_of(rng), rng.uniform(-0.96, -0.88)
    tuft = [(-0.4, -0.42), (-0.42, -0.72), (-0.16, high), (0.24, high), (0.42, -0.72), (0.4, -0.42), (0.26, -0.62)]
    return [
        *legs("dark"),
        *arms("main", skin),
        coat(0.56, 0.37),
        polygon([(-0.36, 0.24), (0.36, 0.24), (0.37, 0.38), (-0.37, 0.38)], "light", lines=False),
        *head(skin),
        polygon(smooth([*tuft, (0.04, -0.66), (-0.26, -0.6)]), hair),
    ]


def farmer(rng: np.random.Generator) -> list[Part]:
    skin, shirt = skin_of(rng), (214, 84, 72)
    brim = about(rng, 0.62)
    return [
        stroke([(-0.6, -0.5), (-0.6, 1)], 0.08, BROWN),
        *(stroke([(x, -0.9), (x, -0.5)], 0.07, STEEL) for x in (-0.8, -0.6, -0.4)),
        stroke([(-0.83, -0.5), (-0.37, -0.5)], 0.09, STEEL),
        *legs("main", (110, 76, 52)),
        *arms(shirt, skin),
        coat(0.1, 0.36, shirt),
        polygon(mirrored([(0.24, 0.06), (0.38, 0.22), (0.4, 0.64)])),
        rectangle(-0.26, -0.1, -0.14, 0.14),
        rectangle(0.14, -0.1, 0.26, 0.14),
        rectangle(-0.14, 0.22, 0.14, 0.4, "dark", lines=False),
        *head(skin),
        ellipse(0, -0.64, brim, 0.13, STRAW),
        ellipse(0, -0.7, 0.34, 0.28, STRAW, 180, 360),
        rectangle(-0.34, -0.78, 0.34, -0.68, "dark", lines=False),
    ]


def cook(rng: np.random.Generator) -> list[Part]:
    skin, puff = skin_of(rng), about(rng, 0.2)
    return [
        stroke([(-0.62, -0.3), (-0.56, 0.5)], 0.08, STEEL),
        ellipse(-0.64, -0.34, 0.19, 0.17, STEEL),
        *legs((84, 88, 104)),
        *arms("main", skin),
        coat(0.68, 0.46),
        polygon([(-0.18, -0.12), (0.18, -0.12), (0, 0.08)], (222, 60, 60), lines=False),
        *(ellipse(x, y, 0.045, fill=GOLD, lines=False) for x in (-0.14, 0.14) for y in (0.18, 0.36, 0.54)),
        *head(skin),
        polygon(smooth([(0, -0.3), (0.1, -0.36), (0.24, -0.3), (0.1, -0.26)]), (70, 50, 46), lines=False),
        polygon(smooth([(0, -0.3), (-0.1, -0.36), (-0.24, -0.3), (-0.1, -0.26)]), (70, 50, 46), lines=False),
        ellipse(-0.24, -0.88, 0.2, puff * 0.7, WHITE),
        ellipse(0.24, -0.88, 0.2, puff * 0.7, WHITE),
        ellipse(0, -0.9, 0.24, puff * 0.75, WHITE),
        rectangle(-0.3, -0.86, 0.3, -0.64, WHITE, lines=False),
        rectangle(-0.33, -0.72, 0.33, -0.6, (226, 228, 236)),
    ]


def doctor(rng: np.random.Generator) -> list[Part]:
    skin, hair, case = skin_of(rng), hair_of(rng), about(rng, 0.24)
    red = (226, 52, 60)
    return [
        *legs((84, 120, 160)),
        *arms("main", skin),
        coat(0.76, 0.46),
        polygon([(-0.16, -0.12), (0.16, -0.12), (0, 0.2)], (120, 190, 230), lines=False),
        stroke([(0, 0.2), (0, 0.76)], 0.05, "dark", lines=False),
        stroke(curve([(-0.2, -0.1), (-0.26, 0.36), (0.22, 0.36), (0.2, -0.1)]), 0.07, INK, lines=False),
        ellipse(0.02, 0.3, 0.1, fill=STEEL, lines=False),
        *head(skin),
        polygon(smooth([(-0.4, -0.4), (-0.36, -0.78), (0, -0.88), (0.36, -0.78), (0.4, -0.4), (0, -0.62)]), hair),
        stroke([(-0.36, -0.68), (0.36, -0.68)], 0.08, (84, 90, 110), lines=False),
        ellipse(0, -0.7, 0.15, fill=STEEL),
        ellipse(0, -0.7, 0.08, fill=WHITE, lines=False),
        polygon(rounded(-0.56 - case, 0.48, -0.56 + case, 0.86, 0.06), WHITE),
        rectangle(-0.61, 0.55, -0.51, 0.79, red, lines=False),
        rectangle(-0.68, 0.62, -0.44, 0.72, red, lines=False),
    ]


def firefighter(rng: np.random.Generator) -> list[Part]:
    skin, stripe, brim = skin_of(rng), (250, 226, 90), about(rng, 0.52)
    return [
        stroke([(-0.62, -0.42), (-0.54, 0.9)], 0.09, BROWN),
        polygon(smooth([(-0.6, -0.56), (-0.9, -0.66), (-0.98, -0.3), (-0.88, -0.06), (-0.6, -0.2)]), STEEL),
        *legs("dark", (40, 38, 46)),
        *arms("main", skin),
        coat(0.72, 0.44),
        polygon([(-0.36, 0.2), (0.36, 0.2), (0.38, 0.32), (-0.38, 0.32)], stripe, lines=False),
        polygon([(-0.41, 0.5), (0.41, 0.5), (0.43, 0.62), (-0.43, 0.62)], stripe, lines=False),
        *head(skin),
        ellipse(0, -0.66, 0.4, 0.32, "main", 180, 360),
        polygon(mirrored([(0.3, -0.72), (brim, -0.6), (0.3, -0.56)])),
        polygon([(-0.12, -0.9), (0.12, -0.9), (0.1, -0.7), (0, -0.62), (-0.1, -0.7)], GOLD),
    ]


def diver(rng: np.random.Generator) -> list[Part]:
    skin, fin = skin_of(rng), about(rng, 0.5)
    return [
        polygon(rounded(-0.44, -0.24, -0.16, 0.5, 0.12), GOLD),
        polygon(rounded(0.16, -0.24, 0.44, 0.5, 0.12), GOLD),
        rectangle(-0.29, 0.5, -0.03, 0.86),
        rectangle(0.03, 0.5, 0.29, 0.86),
        polygon([(-0.05, 0.82), (-0.26, 0.82), (-fin - 0.1, 1), (-0.06, 1)], (250, 190, 50)),
        polygon([(0.05, 0.82), (0.26, 0.82), (fin + 0.1, 1), (0.06, 1)], (250, 190, 50)),
        *arms("main", skin),
        coat(0.6, 0.33),
        stroke([(0, -0.1), (0, 0.56)], 0.06, "dark", lines=False),
        rectangle(-0.34, 0.38, 0.34, 0.48, INK, lines=False),
        ellipse(0, -0.46, 0.43, 0.42),
        ellipse(0, -0.4, 0.32, 0.3, skin, lines=False),
        polygon(rounded(-0.34, -0.64, 0.34, -0.32, 0.13), INK),
        polygon(rounded(-0.29, -0.6, 0.29, -0.36, 0.1), GLASS, lines=False),
        *eye(-0.13, -0.47, 0.085),
        *eye(0.13, -0.47, 0.085),
        ellipse(0, -0.2, 0.09, 0.06, INK, lines=False),
        stroke(curve([(0.02, -0.2), (0.5, -0.1), (0.5, -0.5), (0.48, -1)]), 0.11, (250, 120, 50)),
    ]


def astronaut(rng: np.random.Generator) -> list[Part]:
    glint = rng.uniform(-0.22, -0.12)
    return [
        polygon(rounded(-0.46, -0.16, 0.46, 0.5, 0.12), "dark"),
        rectangle(-0.34, 0.5, -0.03, 0.86),
        rectangle(0.03, 0.5, 0.34, 0.86),
        polygon(rounded(-0.4, 0.8, -0.02, 1, 0.08), "dark"),
        polygon(rounded(0.02, 0.8, 0.4, 1, 0.08), "dark"),
        *arms("main", "dark"),
        coat(0.62, 0.4),
        polygon(rounded(-0.22, 0.12, 0.22, 0.38, 0.05), "light"),
        *(ellipse(x, 0.25, 0.05, fill=c, lines=False) for x, c in ((-0.12, (230, 60, 60)), (0.02, GOLD))),
        rectangle(0.1, 0.2, 0.18, 0.3, (60, 140, 230), lines=False),
        ellipse(0, -0.5, 0.5, 0.48),
        ellipse(0, -0.48, 0.38, 0.33, (40, 58, 104)),
        ellipse(glint, -0.6, 0.1, 0.07, GLASS, lines=False),
        ellipse(0.2, -0.32, 0.05, 0.04, GLASS, lines=False),
    ]


def king(rng: np.random.Generator) -> list[Part]:
    skin, beard = skin_of(rng), about(rng, 0.12)
    return [
        stroke([(-0.6, -0.3), (-0.54, 0.8)], 0.08, GOLD),
        ellipse(-0.6, -0.36, 0.13, fill=GOLD),
        polygon(mirrored([(0.2, -0.1), (0.46, 0.06), (0.66, 0.98)]), "dark"),
        *legs((92, 72, 110), (84, 54, 44)),
        *arms("main", skin),
        coat(0.9, 0.46),
        polygon([(-0.06, 0), (0.06, 0), (0.08, 0.9), (-0.08, 0.9)], WHITE, lines=False),
        polygon([(-0.45, 0.82), (0.45, 0.82), (0.47, 0.94), (-0.47, 0.94)], WHITE),
        rectangle(-0.36, 0.36, 0.36, 0.48, GOLD, lines=False),
        polygon(smooth(mirrored([(0.2, -0.16), (0.4, -0.04), (0.3, 0.1), (0.1, 0.12)])), WHITE),
        *head(skin),
        polygon(smooth(mirrored([(0.06, -0.24), (0.36, -0.42), (0.34, -0.16), (0.14, beard)])), SILVER_HAIR),
        ellipse(0, -0.2, 0.09, 0.05, MOUTH, lines=False),
        *royal_crown(-0.7, 0.4),
    ]


def queen(rng: np.random.Generator) -> list[Part]:
    skin, hair, wide = skin_of(rng), hair_of(rng), about(rng, 0.78)
    return [
        polygon(smooth(mirrored([(0.1, -0.86), (0.42, -0.7), (0.46, -0.2), (0.56, 0.2), (0.2, 0.14)])), hair),
        *arms("light", skin),
        polygon(smooth(mirrored([(0.16, 0.2), (0.4, 0.4), (wide, 0.9), (0.5, 1), (0.1, 1)]))),
        polygon(mirrored([(0.1, 0.3), (0.24, 0.98)]), "light", lines=False),
        polygon(mirrored([(0.14, -0.14), (0.28, -0.06), (0.22, 0.3)])),
        rectangle(-0.23, 0.22, 0.23, 0.32, GOLD, lines=False),
        *(ellipse(x, -0.06 + 0.04 * (x == 0), 0.045, fill=WHITE, lines=False) for x in (-0.12, 0, 0.12)),
        *head(skin, ears=False),
        polygon(smooth([(-0.42, -0.36), (-0.4, -0.74), (0, -0.72), (-0.24, -0.6)]), hair, lines=False),
        polygon(smooth([(0.42, -0.36), (0.4, -0.74), (0, -0.72), (0.24, -0.6)]), hair, lines=False),
        *royal_crown(-0.72, 0.34),
    ]


def knight(rng: np.random.Generator) -> list[Part]:
    plume = rng.uniform(-1, -0.94)
    shield = [(-0.94, 0.06), (-0.6, 0.0), (-0.26, 0.06), (-0.3, 0.5), (-0.6, 0.82), (-0.9, 0.5)]
    return [
        polygon(smooth([(0, -0.78), (-0.1, plume), (-0.4, -0.94), (-0.56, -0.5), (-0.36, -0.66)]), (220, 50, 60)),
        *legs("light", "dark"),
        *arms("light", "dark"),
        coat(0.68, 0.44),
        rectangle(-0.38, 0.34, 0.38, 0.46, BROWN, lines=False),
        polygon(mirrored([(0.1, -0.86), (0.34, -0.7), (0.4, -0.4), (0.34, -0.1)]), "light"),
        rectangle(-0.36, -0.56, 0.36, -0.4, INK, lines=False),
        ellipse(-0.14, -0.48, 0.06, fill=WHITE, lines=False),
        ellipse(0.16, -0.48, 0.06, fill=WHITE, lines=False),
        *(stroke([(x, -0.34), (x, -0.18)], 0.05, INK, lines=False) for x in (-0.14, 0, 0.14)),
        stroke([(0, -0.84), (0, -0.58)], 0.06, "dark", lines=False),
        polygon(smooth(shield, 5), "dark"),
        rectangle(-0.65, 0.12, -0.55, 0.66, GOLD, lines=False),
        rectangle(-0.82, 0.28, -0.38, 0.38, GOLD, lines=False),
    ]


def wizard(rng: np.random.Generator) -> list[Part]:
    skin, beard, lean = skin_of(rng), about(rng, 0.4), rng.uniform(-0.06, 0.06)
    return [
        stroke([(-0.64, -0.5), (-0.58, 1)], 0.09, BROWN),
        ellipse(-0.64, -0.56, 0.16, fill=(90, 220, 240)),
        *arms("dark", skin),
        polygon(mirrored([(0.14, -0.14), (0.32, -0.06), (0.58, 1)])),
        polygon([(-0.54, 0.84), (0.54, 0.84), (0.58, 1), (-0.58, 1)], "light", lines=False),
        *head(skin),
        polygon(smooth(mirrored([(0.06, -0.24), (0.36, -0.4), (0.36, -0.1), (0.1, beard)])), SILVER_HAIR),
        ellipse(0, -0.2, 0.08, 0.05, MOUTH, lines=False),
        polygon([(lean, -1), (0.38, -0.62), (-0.38, -0.62)]),
        polygon(mirrored([(0.34, -0.7), (0.58, -0.58), (0.3, -0.54)]), "dark"),
        ellipse(0.04, -0.76, 0.06, fill=GOLD, lines=False),
        ellipse(0.32, 0.6, 0.07, fill=GOLD, lines=False),
        ellipse(-0.3, 0.68, 0.07, fill=GOLD, lines=False),
    ]


PEOPLE = [
    Thing("girl", "girls", ("woman", "lady", "girl with long hair"), "pink", girl),
    Thing("boy", "boys", ("man", "guy", "boy with short hair"), "blue", boy),
    Thing("farmer", "farmers", ("peasant",), "blue", farmer),
    Thing("cook", "cooks", ("chef",), "white", cook),
    Thing("doctor", "doctors", ("physician", "surgeon"), "white", doctor),
    Thing("firefighter", "firefighters", ("fireman",), "red", firefighter),
    Thing("diver", "divers", ("scuba diver",), "blue", diver),
    Thing("astronaut", "astronauts", ("spaceman", "cosmonaut"), "white", astronaut),
    Thing("king", "kings", ("monarch",), "red", king),
    Thing("queen", "queens", ("princess",), "purple", queen),
    Thing("knight", "knights", ("knight in armour",), "grey", knight),
    Thing("wizard", "wizards", ("sorcerer", "magician"), "purple", wizard),
]

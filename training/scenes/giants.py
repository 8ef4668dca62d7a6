"""Dragons and dinosaurs."""

import numpy as np

from scenes.parts import Part, curve, ellipse, polygon, rectangle, stroke
from scenes.thing import CREAM, INK, WHITE, Thing, eye, smooth


def dragon(rng: np.random.Generator) -> list[Part]:
    high = rng.uniform(-1, -0.9)
    wing = [(0.06, 0.1), (-0.2, -0.5), (-0.62, high), (-0.98, -0.5), (-0.74, -0.46), (-0.72, -0.1), (-0.46, -0.2)]
    body = [(0.1, -0.2), (0.42, -0.1), (0.5, 0.4), (0.4, 0.86), (-0.1, 0.92), (-0.44, 0.8), (-0.4, 0.4), (-0.1, 0.1)]
    head = [(0.1, -0.62), (0.36, -0.78), (0.58, -0.66), (0.88, -0.52), (0.86, -0.34), (0.52, -0.28), (0.2, -0.3)]
    return [
        stroke(curve([(-0.2, 0.84), (-0.9, 1), (-0.9, 0.5), (-0.86, 0.34)]), 0.17),
        polygon([(-1, 0.4), (-0.86, 0.08), (-0.7, 0.4)], "dark"),
        *(
            polygon([(x, y), (x - 0.2, y - 0.1), (x - 0.02, y + 0.16)], "dark")
            for x, y in ((0.14, -0.3), (-0.02, 0.02))
        ),
        polygon(smooth(body)),
        polygon(smooth([(0.28, 0.02), (0.5, 0.2), (0.46, 0.7), (0.3, 0.86), (0.22, 0.4)]), CREAM, lines=False),
        polygon([(0.06, -0.4), (0.46, -0.36), (0.46, 0.1), (0.06, 0.14)], lines=False),
        polygon([*wing, (-0.4, 0.14), (-0.16, 0.06)], "dark"),
        polygon([(-0.14, -0.32), (-0.56, high + 0.12), (-0.7, -0.4), (-0.4, -0.16)], "light", lines=False),
        ellipse(-0.2, 0.8, 0.26, 0.2, "dark"),
        ellipse(-0.1, 0.95, 0.28, 0.06, "dark"),
        ellipse(0.34, 0.95, 0.22, 0.06, "dark"),
        polygon([(0.16, -0.6), (-0.04, -0.92), (0.3, -0.72)], CREAM),
        polygon([(0.3, -0.68), (0.2, -1), (0.46, -0.74)], CREAM),
        polygon(smooth(head)),
        polygon(smooth([(0.84, -0.4), (1, -0.28), (0.94, -0.06), (0.76, -0.06), (0.66, -0.28)]), (250, 120, 40)),
        polygon(smooth([(0.82, -0.3), (0.9, -0.2), (0.84, -0.1), (0.74, -0.2)]), (255, 220, 90), lines=False),
        ellipse(0.8, -0.48, 0.035, fill=INK, lines=False),
        *eye(0.42, -0.56, 0.11),
    ]


def dinosaur(rng: np.random.Generator) -> list[Part]:
    nod = rng.uniform(-0.04, 0.06)
    body = [(-1, 0.66), (-0.7, 0.34), (-0.44, 0.02), (0, -0.12), (0.3, 0.0), (0.42, -0.3), (0.44, -0.7 + nod)]
    front = [(0.72, -0.6 + nod), (0.66, -0.1), (0.62, 0.36), (0.3, 0.66), (-0.3, 0.68), (-0.62, 0.6)]
    plates = ((-0.56, 0.16), (-0.3, -0.02), (0.0, -0.1), (0.26, -0.04))
    return [
        *(polygon([(x - 0.15, y + 0.12), (x - 0.02, y - 0.26), (x + 0.15, y + 0.08)], "dark") for x, y in plates),
        rectangle(-0.26, 0.5, -0.04, 1, "dark"),
        rectangle(0.16, 0.5, 0.36, 1, "dark"),
        rectangle(-0.5, 0.46, -0.24, 1),
        rectangle(0.34, 0.4, 0.6, 1),
        polygon(smooth([*body, *front])),
        polygon(smooth([(-0.5, 0.62), (0, 0.5), (0.4, 0.5), (0.3, 0.66), (-0.2, 0.69)]), "light", lines=False),
        polygon(
            smooth([(0.36, -0.9 + nod), (0.62, -1 + nod), (0.92, -0.84 + nod), (0.96, -0.64 + nod), (0.7, -0.52 + nod)])
        ),
        *(
            ellipse(x, y, r, fill="dark", lines=False)
            for x, y, r in ((-0.3, 0.26, 0.1), (0, 0.14, 0.08), (0.3, 0.22, 0.1))
        ),
        *eye(0.64, -0.8 + nod, 0.1),
        ellipse(0.9, -0.78 + nod, 0.03, fill=INK, lines=False),
        stroke(curve([(0.66, -0.62 + nod), (0.8, -0.58 + nod), (0.92, -0.66 + nod)]), 0.05, INK, lines=False),
        *(rectangle(x, 0.92, x + 0.26, 1, WHITE, lines=False) for x in (-0.5, 0.34)),
    ]


GIANTS = [
    Thing("dragon", "dragons", ("fire dragon",), "red", dragon),
    Thing("dinosaur", "dinosaurs", ("dino",), "green", dinosaur),
]

"""What the model of pixels learns from: one thing of five kinds in four places, 32 pixels a side."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from scenes.composition import Group, Scene, box, colour_for, pick
from scenes.render import render

SIDE = 32
KINDS = ("tree", "pine", "house", "flower", "mushroom")
PLACES = ("meadow", "snow", "sunset", "night")
# Drawn finer and made smaller: one picture of many pixels has softer edges than thirty-two.
FINER = 2


def simple_scene(rng: np.random.Generator) -> Scene:
    """One thing, large, standing on the ground."""
    place, kind = pick(rng, PLACES), pick(rng, KINDS)
    scale = rng.uniform(0.6, 0.75)
    where = box(rng.uniform(-0.2, 0.2), rng.uniform(0.7, 0.8) - scale, scale)
    return Scene(place, "flat", (Group(kind, colour_for(rng, kind, place), "big", (where,)),))


def drawn(seed: int) -> np.ndarray:
    """The picture of a seed: bytes [3, SIDE, SIDE]."""
    rng = np.random.default_rng(seed)
    picture, _ = render(simple_scene(rng), rng, SIDE * FINER)
    fine = picture.reshape(SIDE, FINER, SIDE, FINER, 3).mean(axis=(1, 3))
    return fine.round().astype(np.uint8).transpose(2, 0, 1)


def pictures_of(run: Path, name: str, first: int, count: int) -> Tensor:
    """The pictures of the seeds from `first` on, -1..1, [count, 3, SIDE, SIDE]; drawn once and kept in RUN/NAME.npy."""
    file = run / f"{name}.npy"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, np.stack([drawn(seed) for seed in range(first, first + count)]))
    return torch.from_numpy(np.load(file)).float() / 127.5 - 1

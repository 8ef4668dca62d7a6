"""Reads pictures by program: python scorer.py RUN [--steps N] trains what tells kinds of things apart.

A small network says for each of 64 x 64 cells which kind of thing is there, and for the whole picture which
background; colours, counts and relations are then read from cells and pixels. It learns from drawn scenes alone, and
`evaluate` states how often it is right on drawn scenes it never saw.
"""

from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from muon import Muon, split
from pictures import SIDE, scene_at, to_signed
from run import DEVICE, Run, learning_rate, training_options
from scenes.backgrounds import BACKGROUNDS
from scenes.palette import COLOURS, shade
from scenes.render import render
from scenes.things import THINGS

CELLS = 64
BATCH = 32
STEPS = 1_400
PEAK_RATE = 3e-3
# The first and last layers learn by AdamW.
OUTER = ("finest", "kinds", "background")
# How much a cell of background counts beside one of a thing, being so many more.
GROUND_WEIGHT = 0.2
# Fewer cells than this are no thing.
SPECK = 16
# A part of a thing smaller than this share of the largest one is no thing of its own.
CRUMB = 0.25
# The share of its cells that a clear thing has of its own kind.
CLEAR = 0.8
# Apart from the drawn scenes the other networks learn from.
FIRST_SCENE = 1 << 32

KINDS = list(THINGS)
SWATCHES = np.array([shade(rgb, fill) for rgb in COLOURS.values() for fill in ("main", "dark", "light")], np.float32)
SWATCH_NAMES = [name for name in COLOURS for _ in range(3)]


def convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class Scorer(nn.Module):
    """Pictures [B, 3, 128, 128] to kinds [B, 1 + kinds, 64, 64] (0 is background) and backgrounds [B, backgrounds]."""

    def __init__(self):
        super().__init__()
        self.finest = convolution(3, 32, 2)
        self.fine = nn.Sequential(convolution(32, 64, 2), convolution(64, 64))
        self.middle = nn.Sequential(convolution(64, 128, 2), convolution(128, 128))
        self.coarse = nn.Sequential(convolution(128, 192, 2), convolution(192, 192), convolution(192, 192))
        self.up = convolution(192 + 128, 128)
        self.up_again = convolution(128 + 64, 96)
        self.finish = convolution(96 + 32, 64)
        self.kinds = nn.Conv2d(64, 1 + len(KINDS), 1)
        self.background = nn.Linear(192, len(BACKGROUNDS))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        finest = self.finest(pictures)
        fine = self.fine(finest)
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        x = self.up(torch.cat([F.interpolate(coarse, scale_factor=2.0), middle], 1))
        x = self.up_again(torch.cat([F.interpolate(x, scale_factor=2.0), fine], 1))
        x = self.finish(torch.cat([F.interpolate(x, scale_factor=2.0), finest], 1))
        return self.kinds(x), self.background(coarse.mean(dim=(2, 3)))


class MarkedPictures(Dataset):
    """Pictures with what is in each cell, and the number of the background."""

    def __init__(self, first: int, count: int):
        self.first, self.count = first, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor, int]:
        scene, rng = scene_at(FIRST_SCENE + self.first + index)
        picture, mask = render(scene, rng, SIDE)
        step = SIDE // CELLS
        cells = torch.from_numpy(mask[step // 2 :: step, step // 2 :: step].astype(np.int64))
        return (
            torch.from_numpy(picture).permute(2, 0, 1).contiguous(),
            cells,
            BACKGROUNDS.index(scene.background),
        )


def roughened(pictures: Tensor) -> Tensor:
    """Half of the pictures softened as an autoencoder softens, all a little noisy."""
    soft = F.interpolate(F.avg_pool2d(pictures, 2), scale_factor=2.0, mode="bilinear", align_corners=False)
    share = torch.rand(len(pictures), 1, 1, 1) * (torch.rand(len(pictures), 1, 1, 1) < 0.5)
    return torch.lerp(pictures, soft, share) + 0.04 * torch.randn_like(pictures)


@dataclass(frozen=True)
class Reading:
    """What a picture shows. cells: [64, 64], 0 or 1 + the number of the kind; colours are palette names."""

    cells: np.ndarray
    background: str
    thing_colour: str
    ground_colour: str

    def kinds(self) -> list[str]:
        """The kinds that are there, the largest first."""
        counts = np.bincount(self.cells.ravel(), minlength=len(KINDS) + 1)[1:]
        return [KINDS[i] for i in np.argsort(-counts) if counts[i] >= SPECK]

    def count(self, kind: str) -> int:
        """How many separate things of the kind there are."""
        sizes = islands(self.cells == KINDS.index(kind) + 1)
        return sum(size >= CRUMB * max(sizes) for size in sizes) if sizes else 0

    def shows_one_thing(self) -> bool:
        """Whether nearly all that is not background is of one kind, and in one piece."""
        kinds = self.kinds()
        if not kinds:
            return False
        share = np.mean(self.cells[self.cells > 0] == KINDS.index(kinds[0]) + 1)
        return bool(share >= CLEAR) and self.count(kinds[0]) == 1

    def centre(self, kind: str) -> tuple[float, float] | None:
        """Mean x and y of the kind's cells, in cells; None when there is none."""
        rows, columns = np.nonzero(self.cells == KINDS.index(kind) + 1)
        return (float(columns.mean()), float(rows.mean())) if len(rows) else None

    def touch(self, one: str, other: str) -> bool:
        """Whether a cell of one kind lies beside a cell of the other, or one cell further."""
        cells = [self.cells == KINDS.index(kind) + 1 for kind in (one, other)]
        near = np.zeros_like(cells[0])
        for rows, columns in product((-2, -1, 0, 1, 2), repeat=2):
            near |= np.roll(cells[0], (rows, columns), (0, 1))
        return bool((near & cells[1]).any())

    def surrounds(self, outer: str, inner: str) -> bool:
        """Whether the middle of one kind lies between the outermost cells of the other on all four sides."""
        rows, columns = np.nonzero(self.cells == KINDS.index(outer) + 1)
        centre = self.centre(inner)
        if centre is None or not len(rows):
            return False
        return columns.min() < centre[0] < columns.max() and rows.min() < centre[1] < rows.max()


def islands(cells: np.ndarray) -> list[int]:
    """Sizes of the connected parts, corners touching."""
    left, sizes = {tuple(place) for place in np.argwhere(cells)}, []
    while left:
        edge, size = [left.pop()], 0
        while edge:
            row, column = edge.pop()
            size += 1
            near = {(row + r, column + c) for r in (-1, 0, 1) for c in (-1, 0, 1)} & left
            left -= near
            edge += near
        sizes.append(size)
    return sizes


def prevailing_colour(pixels: np.ndarray) -> str:
    """The palette colour, in any of its shades, that most of the pixels [N, 3] are nearest to; '' of no pixels."""
    if not len(pixels):
        return ""
    nearest = ((pixels[:, None].astype(np.float32) - SWATCHES) ** 2).sum(-1).argmin(1)
    names = [SWATCH_NAMES[i] for i in nearest]
    return max(set(names), key=names.count)


@torch.no_grad()
def read(scorer: Scorer, pictures: Tensor) -> list[Reading]:
    """What each of the pictures [B, 3, 128, 128], bytes, shows."""
    kinds, backgrounds = scorer.eval()(to_signed(pictures).to(DEVICE))
    readings = []
    for picture, cells, background in zip(pictures, kinds.argmax(1).cpu().numpy(), backgrounds.argmax(1).tolist()):
        pixels = picture.permute(1, 2, 0).numpy()
        thing = np.kron(cells > 0, np.ones((SIDE // CELLS,) * 2, bool))
        readings.append(
            Reading(
                cells,
                BACKGROUNDS[background],
                prevailing_colour(pixels[thing]),
                prevailing_colour(pixels[~thing]),
            )
        )
    return readings


def load_scorer(run: Path) -> Scorer:
    """The trained scorer of a run."""
    scorer = Scorer().to(DEVICE)
    scorer.load_state_dict(torch.load(run / "scorer.pt", map_location=DEVICE, weights_only=True)["network"])
    return scorer.eval()


def main() -> None:
    chosen = training_options(__doc__, STEPS)

    torch.manual_seed(0)
    scorer = Scorer().to(DEVICE, memory_format=torch.channels_last)
    inner, outer = split(scorer, OUTER)
    muon = Muon(inner, PEAK_RATE)
    adam = torch.optim.AdamW(outer, PEAK_RATE, weight_decay=0.0)
    run = Run(chosen.run, "scorer", {"network": scorer, "muon": muon, "adam": adam}, chosen.steps)
    weights = torch.tensor([GROUND_WEIGHT] + [1.0] * len(KINDS), device=DEVICE)
    data = MarkedPictures(run.step * BATCH, (run.steps - run.step) * BATCH)
    batches = iter(DataLoader(data, BATCH, num_workers=1, prefetch_factor=4))

    def take_step(step: int) -> dict[str, float]:
        for optimizer in (muon, adam):
            optimizer.param_groups[0]["lr"] = learning_rate(step, run.steps, PEAK_RATE, warmup=100)
        pictures, cells, background = (part.to(DEVICE) for part in next(batches))
        with torch.autocast(DEVICE, torch.bfloat16):
            kinds, ground = scorer(roughened(to_signed(pictures)))
        loss = F.cross_entropy(kinds.float(), cells, weights) + 0.3 * F.cross_entropy(ground.float(), background)
        loss.backward()
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad()
        things = cells > 0
        right = (kinds.argmax(1) == cells)[things].float().mean().item()
        return {"loss": loss.item(), "cells right": right}

    for _ in run.train(take_step):
        pass


if __name__ == "__main__":
    main()

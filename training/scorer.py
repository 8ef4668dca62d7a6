"""Reads pictures by program: python scorer.py RUN [--steps N | --seconds N] trains what tells kinds of things apart.

A small network says for each of 64 x 64 cells which kind of thing is there, and for the whole picture which
background; colours, counts and relations are then read from cells and pixels. It learns from drawn scenes alone, and
`evaluate` states how often it is right on drawn scenes it never saw. It looks at 256 x 256; smaller pictures are
enlarged for it.
"""

from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from muon import Muon, split
from pictures import SIDE, to_signed
from run import DEVICE, ON_GPU, Plan, Run, trained_weights, training_options
from scene_pool import ScenePool
from scenes.backgrounds import BACKGROUNDS
from scenes.palette import COLOURS, shade
from scenes.things import THINGS

BATCH = 128 if ON_GPU else 16
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

KINDS = list(THINGS)
SHADES = ("main", "dark", "light")
SWATCHES = torch.tensor([shade(rgb, fill) for rgb in COLOURS.values() for fill in SHADES], dtype=torch.float32)


def convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class Scorer(nn.Module):
    """Pictures [B, 3, 256, 256] to kinds [B, 1 + kinds, 64, 64] (0 is background) and backgrounds [B, backgrounds]."""

    def __init__(self):
        super().__init__()
        self.finest = nn.Sequential(convolution(3, 24, 2), convolution(24, 32, 2))
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


def roughened(pictures: Tensor) -> Tensor:
    """Half of the pictures softened as an autoencoder softens, all a little noisy."""
    soft = F.interpolate(F.avg_pool2d(pictures, 2), scale_factor=2.0, mode="bilinear", align_corners=False)
    some, how_much = torch.rand(2, len(pictures), 1, 1, 1, device=pictures.device)
    share = how_much * (some < 0.5)
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


def prevailing_colours(pictures: Tensor, where: Tensor) -> list[str]:
    """Of each picture [B, 3, H, W], the palette colour, in any of its shades, that most of the pixels at `where`
    [B, H, W] are nearest to; '' of no pixels."""
    names, prevailing = list(COLOURS), []
    for picture, mask in zip(pictures, where):
        pixels = picture.permute(1, 2, 0)[mask].float()
        nearest = torch.cdist(pixels, SWATCHES.to(pixels.device)).argmin(1) // len(SHADES)
        counts = nearest.bincount(minlength=len(names))
        prevailing.append(names[int(counts.argmax())] if len(pixels) else "")
    return prevailing


@torch.no_grad()
def read(scorer: Scorer, pictures: Tensor) -> list[Reading]:
    """What each of the pictures [B, 3, H, W], bytes, shows."""
    signed = to_signed(pictures.to(DEVICE))
    if pictures.shape[-1] != SIDE:
        signed = F.interpolate(signed, (SIDE, SIDE), mode="bilinear")
    kinds, backgrounds = scorer.eval()(signed)
    cells = kinds.argmax(1)
    things = F.interpolate((cells > 0).float()[:, None], (SIDE, SIDE))[:, 0] > 0
    pixels = (signed + 1) * 127.5
    thing_colours, ground_colours = (prevailing_colours(pixels, where) for where in (things, ~things))
    names = [BACKGROUNDS[number] for number in backgrounds.argmax(1).tolist()]
    return [Reading(*reading) for reading in zip(cells.cpu().numpy(), names, thing_colours, ground_colours)]


def load_scorer(run: Path) -> Scorer:
    """The trained scorer of a run."""
    scorer = Scorer().to(DEVICE)
    scorer.load_state_dict(trained_weights(run, "scorer", "network"))
    return scorer.eval()


def train(folder: Path, plan: Plan) -> None:
    torch.manual_seed(0)
    scorer = Scorer().to(DEVICE, memory_format=torch.channels_last)
    inner, outer = split(scorer, OUTER)
    muon = Muon(inner, PEAK_RATE)
    adam = torch.optim.AdamW(outer, PEAK_RATE, weight_decay=0.0)
    run = Run(folder, "scorer", {"network": scorer, "muon": muon, "adam": adam}, plan)
    weights = torch.tensor([GROUND_WEIGHT] + [1.0] * len(KINDS), device=DEVICE)
    pool = ScenePool(folder)

    def take_step(step: int) -> dict[str, Tensor]:
        for optimizer in (muon, adam):
            optimizer.param_groups[0]["lr"] = run.rate(PEAK_RATE, warmup=100)
        places = pool.draw(BATCH)
        cells, background = pool.cells[places].long(), pool.backgrounds[places]
        with torch.autocast(DEVICE, torch.bfloat16):
            kinds, ground = scorer(roughened(pool.signed(places)))
        loss = F.cross_entropy(kinds.float(), cells, weights) + 0.3 * F.cross_entropy(ground.float(), background)
        loss.backward()
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad()
        things = cells > 0
        right = ((kinds.argmax(1) == cells) & things).sum() / things.sum()
        return {"loss": loss.detach(), "cells right": right}

    run.train(take_step)


def main() -> None:
    train(*training_options(__doc__, STEPS))


if __name__ == "__main__":
    main()

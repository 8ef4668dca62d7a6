"""Draws scenes ahead, in many processes, for all trainings to learn from: python scene_pool.py RUN [--scenes N].

RUN/scenes/K.safetensors holds scenes K * CHUNK onwards: pictures, the kind in each cell, the number of the background.
K.json beside it has what else is asked of them. More can be drawn at any time, also while a training looks at them.
"""

import argparse
import json
import os
import time
from multiprocessing import Process
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from safetensors.torch import load_file
from torch import Tensor

from pictures import HELD_OUT, SIDE, drawn_at, to_signed
from run import DEVICE, ON_GPU
from scenes.backgrounds import BACKGROUNDS
from scenes.composition import Scene

CHUNK = 512
SCENES = 256 * CHUNK if ON_GPU else 32 * CHUNK
# As many pictures as a training keeps in memory: 9.7 GB of a GPU's, 1.6 GB of a processor's.
KEPT = 96 * CHUNK if ON_GPU else 16 * CHUNK
# A side of the grid that says what is where.
CELLS = 64
# The chunk that nobody learns from.
UNSEEN = HELD_OUT // CHUNK


def chunk_file(run: Path, number: int) -> Path:
    return run / "scenes" / f"{number:010}.safetensors"


def chunk_numbers(run: Path) -> list[int]:
    """The chunks to learn from that are there, in order."""
    numbers = (int(file.stem) for file in (run / "scenes").glob("*.safetensors"))
    return sorted(number for number in numbers if number < UNSEEN)


def scene_numbers(run: Path) -> list[int]:
    """The scenes of these chunks, in order."""
    return [number * CHUNK + i for number in chunk_numbers(run) for i in range(CHUNK)]


def facts_of(run: Path) -> list[dict]:
    """Of the same scenes: their kinds, and whether there is more than one thing."""
    files = (chunk_file(run, number).with_suffix(".json") for number in chunk_numbers(run))
    return [fact for file in files for fact in json.loads(file.read_text())]


def is_composed(scene: Scene) -> bool:
    return sum(group.count for group in scene.groups) > 1


def draw_chunk(run: Path, number: int) -> None:
    """Draws the scenes of a chunk, unless they are there."""
    file = chunk_file(run, number)
    if file.exists():
        return
    pictures = np.empty((CHUNK, SIDE, SIDE, 3), np.uint8)
    cells = np.empty((CHUNK, CELLS, CELLS), np.uint8)
    backgrounds, facts = np.empty(CHUNK, np.int64), []
    step = SIDE // CELLS
    for i in range(CHUNK):
        scene, pictures[i], mask = drawn_at(number * CHUNK + i)
        cells[i] = mask[step // 2 :: step, step // 2 :: step]
        backgrounds[i] = BACKGROUNDS.index(scene.background)
        facts.append({"kinds": [group.kind for group in scene.groups], "composed": is_composed(scene)})
    file.with_suffix(".json").write_text(json.dumps(facts))
    partial = file.with_suffix(".partial")
    save_file({"pictures": pictures, "cells": cells, "backgrounds": backgrounds}, partial)
    partial.replace(file)


def draw_chunks(run: Path, numbers: list[int]) -> None:
    os.nice(10)
    for number in numbers:
        draw_chunk(run, number)


def start_drawing(run: Path, scenes: int, processes: int) -> list[Process]:
    """Processes that draw the held-out chunk, then all scenes below `scenes`; to be ended at any time."""
    chunk_file(run, 0).parent.mkdir(parents=True, exist_ok=True)
    numbers = [UNSEEN, *range(-(-scenes // CHUNK))]
    shares = [numbers[first::processes] for first in range(processes)]
    drawing = [Process(target=draw_chunks, args=(run, share), daemon=True) for share in shares if share]
    for process in drawing:
        process.start()
    return drawing


class ScenePool:
    """Drawn scenes in the memory of the training device, as many as KEPT; more are taken in while they are drawn."""

    def __init__(self, run: Path):
        self.run, self.taken, self.count = run, set[int](), 0
        self.pictures = torch.empty(KEPT, SIDE, SIDE, 3, dtype=torch.uint8, device=DEVICE)
        self.cells = torch.empty(KEPT, CELLS, CELLS, dtype=torch.uint8, device=DEVICE)
        self.backgrounds = torch.empty(KEPT, dtype=torch.int64, device=DEVICE)
        self.numbers = torch.empty(KEPT, dtype=torch.int64, device=DEVICE)
        while not self.count:
            self.take_in()
            time.sleep(0.1)

    def take_in(self) -> None:
        """Reads the chunks that were drawn since, while there is room."""
        for number in chunk_numbers(self.run):
            if number in self.taken or self.count == KEPT:
                continue
            chunk = load_file(chunk_file(self.run, number))
            here = slice(self.count, self.count + CHUNK)
            self.pictures[here], self.cells[here] = chunk["pictures"], chunk["cells"]
            self.backgrounds[here] = chunk["backgrounds"]
            self.numbers[here] = torch.arange(number * CHUNK, (number + 1) * CHUNK)
            self.taken.add(number)
            self.count += CHUNK

    def draw(self, count: int) -> Tensor:
        """Places in the pool at random: [count]."""
        return torch.randint(self.count, (count,), device=DEVICE)

    def signed(self, places: Tensor) -> Tensor:
        """Their pictures, -1..1: [B, 3, SIDE, SIDE]."""
        return to_signed(self.pictures[places].permute(0, 3, 1, 2))


def pictures_of(run: Path, number: int) -> Tensor:
    """The pictures of a chunk as bytes on the training device: [CHUNK, 3, SIDE, SIDE]."""
    return load_file(chunk_file(run, number))["pictures"].to(DEVICE).permute(0, 3, 1, 2)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("run", type=Path, help="folder of the run")
    options.add_argument("--scenes", type=int, default=SCENES)
    options.add_argument("--processes", type=int, default=os.cpu_count())
    chosen = options.parse_args()
    drawing = start_drawing(chosen.run, chosen.scenes, chosen.processes)
    while any(process.is_alive() for process in drawing):
        time.sleep(2)
        print(f"{len(chunk_numbers(chosen.run)) * CHUNK} scenes of {chosen.scenes}", flush=True)


if __name__ == "__main__":
    main()

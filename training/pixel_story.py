"""How the model of pixels learnt, for the Lab: python pixel_story.py RUN FOLDER.

FOLDER/story.json has the curve of the loss, and for each kept step the error of the noise at some timesteps, of scenes
that were never learnt from. FOLDER/pictures.png has a row of pictures for each kept step, all out of the same noise.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ddpm import STEPS, noisy, sample
from pictures import HELD_OUT
from pixel_model import kept_network, kept_steps
from pixel_scenes import SIDE, pictures_of

COLUMNS = 16
SAMPLING_STEPS = 50
# Scenes that errors are measured on, and at how many timesteps.
SCENES, TIMESTEPS = 64, 20


def drawn_rows(run: Path, steps: list[int]) -> np.ndarray:
    """The pictures of every kept step below each other: bytes [rows * SIDE, COLUMNS * SIDE, 3]."""
    noise = torch.randn(COLUMNS, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(1))
    rows = []
    for step in steps:
        pictures = sample(kept_network(run, step), noise, SAMPLING_STEPS, torch.Generator().manual_seed(2))
        rows.append(((pictures + 1) * 127.5).round().byte().permute(2, 0, 3, 1).reshape(SIDE, COLUMNS * SIDE, 3))
    return torch.cat(rows).numpy()


@torch.no_grad()
def errors(run: Path, step: int, scenes: Tensor, timesteps: list[int]) -> list[float]:
    """The mean squared error of the noise at each timestep; the noise is the same for every step of the training."""
    network, chance = kept_network(run, step), torch.Generator().manual_seed(3)
    means = []
    for t in timesteps:
        epsilon = torch.randn(scenes.shape, generator=chance)
        at = torch.full((len(scenes),), t)
        means.append(float((network(noisy(scenes, epsilon, at), at) - epsilon).square().mean()))
    return means


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("run", type=Path, help="folder of the run")
    options.add_argument("folder", type=Path, help="where the story goes")
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    steps = kept_steps(chosen.run)
    timesteps = torch.linspace(0, STEPS - 1, TIMESTEPS).round().long().tolist()
    scenes = pictures_of(chosen.run, "unseen", HELD_OUT, SCENES)
    curve = [json.loads(line) for line in (chosen.run / "pixel_model.jsonl").read_text().splitlines()]
    story = {
        "curve": {"step": [row["step"] for row in curve], "loss": [round(row["loss"], 5) for row in curve]},
        "timesteps": timesteps,
        "kept": [
            {"step": step, "errors": [round(error, 5) for error in errors(chosen.run, step, scenes, timesteps)]}
            for step in steps
        ],
        "columns": COLUMNS,
        "side": SIDE,
    }
    (chosen.folder / "story.json").write_text(json.dumps(story) + "\n")
    Image.fromarray(drawn_rows(chosen.run, steps)).save(chosen.folder / "pictures.png", optimize=True)


if __name__ == "__main__":
    main()

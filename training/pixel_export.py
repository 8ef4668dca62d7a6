"""Writes the model of pixels as a diffusers folder, float16: python pixel_export.py RUN FOLDER [--step STEP].

With --reference FILE also what its network predicts of a wave, which the tests of the studio hold theirs against.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file

from ddpm import STEPS
from model_folder import FORMAT, WEIGHTS, write_config, write_weights
from pixel_model import CONFIG, kept_network, kept_steps
from pixel_scenes import SIDE

SCHEDULER = {
    "_class_name": "DDPMScheduler",
    "beta_start": 0.0001,
    "beta_end": 0.02,
    "beta_schedule": "squaredcos_cap_v2",
    "num_train_timesteps": STEPS,
    "prediction_type": "epsilon",
    "variance_type": "fixed_small",
    "clip_sample": True,
    "clip_sample_range": 1.0,
    "timestep_spacing": "trailing",
}
PIPELINE = {
    "_class_name": "DDPMPipeline",
    "scheduler": ["diffusers", "DDPMScheduler"],
    "unet": ["diffusers", "UNet2DModel"],
}
STUDIO = {
    "title": "Starter, pixels",
    "defaults": {"steps": 100, "guidanceScale": 1, "sampler": "Model default", "schedule": "Model default"},
}


def export(run: Path, folder: Path, step: int) -> None:
    write_config(folder / "unet" / "config.json", {**CONFIG, **FORMAT})
    write_weights(folder / "unet" / WEIGHTS, load_file(run / "kept" / f"{step}.safetensors"))
    write_config(folder / "scheduler" / "scheduler_config.json", {**SCHEDULER, **FORMAT})
    write_config(folder / "model_index.json", {**PIPELINE, **FORMAT})
    write_config(folder / "studio.json", STUDIO)


def reference(run: Path, step: int) -> list[dict]:
    """At some timesteps, every 101st value of the noise seen in a wave."""
    network, count = kept_network(run, step), 3 * SIDE * SIDE
    wave = (torch.arange(count, dtype=torch.float64).mul(0.37).sin() * 1.3).float().reshape(1, 3, SIDE, SIDE)
    answers = [(t, network(wave, torch.tensor([t])).flatten()[::101]) for t in (20, 500, 950)]
    return [{"timestep": t, "predicted": [round(value, 6) for value in answer.tolist()]} for t, answer in answers]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("run", type=Path, help="folder of the run")
    options.add_argument("folder", type=Path, help="folder of the model")
    options.add_argument("--step", type=int, help="the weights after so many steps; without it the last kept ones")
    options.add_argument("--reference", type=Path, help="file for what the network predicts of a wave")
    chosen = options.parse_args()
    step = chosen.step or kept_steps(chosen.run)[-1]
    export(chosen.run, chosen.folder, step)
    if chosen.reference:
        chosen.reference.write_text(json.dumps(reference(chosen.run, step)) + "\n")


if __name__ == "__main__":
    main()

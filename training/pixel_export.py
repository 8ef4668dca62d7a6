"""Writes the model of pixels as a diffusers folder, float16: python pixel_export.py RUN FOLDER [--step STEP]."""

import argparse
from pathlib import Path

from safetensors.torch import load_file

from ddpm import STEPS
from model_folder import FORMAT, WEIGHTS, write_config, write_weights
from pixel_model import CONFIG, kept_steps

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


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("run", type=Path, help="folder of the run")
    options.add_argument("folder", type=Path, help="folder of the model")
    options.add_argument("--step", type=int, help="the weights after so many steps; without it the last kept ones")
    chosen = options.parse_args()
    export(chosen.run, chosen.folder, chosen.step or kept_steps(chosen.run)[-1])


if __name__ == "__main__":
    main()

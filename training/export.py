"""Writes the trained networks as diffusers folders, float16: python export.py RUN FOLDER [--few-steps FOLDER]."""

import argparse
import shutil
from pathlib import Path

from torch import Tensor

import autoencoder
import denoiser
import distillation
import preview_decoder
from diffusion import BETA_END, BETA_START, STEPS
from latents import scaling_factor
from model_folder import FORMAT, WEIGHTS, write_config, write_weights
from run import trained_weights
from text_encoder import new_text_encoder
from tokenizer import load_tokenizer

SCHEDULER = {
    "_class_name": "DDIMScheduler",
    "beta_start": BETA_START,
    "beta_end": BETA_END,
    "beta_schedule": "scaled_linear",
    "num_train_timesteps": STEPS,
    "prediction_type": "epsilon",
    "clip_sample": False,
    "set_alpha_to_one": False,
    "steps_offset": 1,
    "timestep_spacing": "leading",
}
PIPELINE = {
    "_class_name": "StableDiffusionPipeline",
    "feature_extractor": [None, None],
    "safety_checker": [None, None],
    "scheduler": ["diffusers", "DDIMScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
}

# What suits the distilled U-Net: Euler's method over sigmas is DDIM, and these are the timesteps it was taught at.
FEW_STEPS = {
    "steps": distillation.STUDENT_STEPS,
    "guidanceScale": 1,
    "sampler": "Euler",
    "schedule": "SGM Uniform",
}


def with_convolutions(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The linear layers around attention as the 1 x 1 convolutions that SD 1 has there: the same numbers."""
    around = (".proj_in.weight", ".proj_out.weight")
    return {name: value[..., None, None] if name.endswith(around) else value for name, value in weights.items()}


def export(run: Path, folder: Path) -> None:
    """The model of a run as a diffusers folder."""
    tokenizer = load_tokenizer(run)
    networks = {
        "vae": (
            {**autoencoder.CONFIG, "scaling_factor": scaling_factor(run)},
            trained_weights(run, "autoencoder", "network"),
        ),
        "unet": (
            {**denoiser.CONFIG, "use_linear_projection": False},
            with_convolutions(trained_weights(run, "denoiser", "unet_average")),
        ),
        "preview_vae": (preview_decoder.CONFIG, trained_weights(run, "preview_decoder", "network")),
    }
    for name, (config, weights) in networks.items():
        write_config(folder / name / "config.json", {**config, **FORMAT})
        write_weights(folder / name / WEIGHTS, weights)
    text_config = new_text_encoder(tokenizer).config.to_dict()
    write_config(folder / "text_encoder" / "config.json", {**text_config, "architectures": ["CLIPTextModel"]})
    # transformers before 5 knows the keys by this name, and later ones read it too.
    text_weights = {
        f"text_model.{key}": value for key, value in trained_weights(run, "denoiser", "text_average").items()
    }
    write_weights(folder / "text_encoder" / "model.safetensors", text_weights)
    shutil.copytree(run / "tokenizer", folder / "tokenizer", dirs_exist_ok=True)
    write_config(folder / "scheduler" / "scheduler_config.json", {**SCHEDULER, **FORMAT})
    write_config(folder / "model_index.json", {**PIPELINE, **FORMAT})


def export_few_steps(run: Path, folder: Path, base: str) -> None:
    """What the distilled U-Net has of its own, as a model folder beside the one called `base`, which has the rest."""
    weights = with_convolutions(trained_weights(run, "distillation", "network"))
    own = {name: value for name, value in weights.items() if not distillation.STAYS.fullmatch(name)}
    write_weights(folder / "unet" / WEIGHTS, own)
    write_config(folder / "model_index.json", {**PIPELINE, **FORMAT})
    write_config(folder / "studio.json", {"title": "Starter, 4 steps", "base": base, "defaults": FEW_STEPS})


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("run", type=Path, help="folder of the run")
    options.add_argument("folder", type=Path, help="folder of the model")
    options.add_argument("--few-steps", type=Path, help="folder beside it for the distilled U-Net")
    chosen = options.parse_args()
    export(chosen.run, chosen.folder)
    if chosen.few_steps:
        export_few_steps(chosen.run, chosen.few_steps, chosen.folder.name)
    for folder in filter(None, (chosen.folder, chosen.few_steps)):
        size = sum(file.stat().st_size for file in folder.rglob("*.safetensors"))
        print(f"{size / 1e6:.1f} MB of weights in {folder}")


if __name__ == "__main__":
    main()

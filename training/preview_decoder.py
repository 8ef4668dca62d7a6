"""Trains the small decoder that previews are drawn with: python preview_decoder.py RUN [--steps N | --seconds N]."""

from pathlib import Path

import torch
from torch import Tensor

from autoencoder import peak_signal_to_noise, reconstruction_loss
from exported import load_weights
from latents import LatentPool
from networks.tiny_decoder import TinyDecoder
from run import DEVICE, ON_GPU, Plan, Run, training_options
from scene_pool import ScenePool

CONFIG = {
    "_class_name": "AutoencoderTiny",
    "in_channels": 3,
    "out_channels": 3,
    "latent_channels": 4,
    "decoder_block_out_channels": [32, 32, 32, 32],
    "num_decoder_blocks": [2, 2, 1, 1],
    "act_fn": "relu",
    "upsampling_scaling_factor": 2,
    "latent_magnitude": 3,
    "latent_shift": 0.5,
    "scaling_factor": 1.0,
}
BATCH = 48 if ON_GPU else 16
STEPS = 1_400
PEAK_RATE = 1.5e-3


def train(folder: Path, plan: Plan) -> None:
    torch.manual_seed(0)
    decoder = TinyDecoder(CONFIG).to(DEVICE, memory_format=torch.channels_last)
    if plan.base:
        decoder.load_state_dict(load_weights(plan.base / "preview_vae"))
    optimizer = torch.optim.AdamW(decoder.parameters(), PEAK_RATE, betas=(0.9, 0.99), fused=True)
    run = Run(folder, "preview_decoder", {"network": decoder, "optimizer": optimizer}, plan)
    scenes, latents = ScenePool(folder), LatentPool(folder)

    def take_step(step: int) -> dict[str, Tensor]:
        optimizer.param_groups[0]["lr"] = run.rate(PEAK_RATE, warmup=50)
        places = scenes.draw(BATCH)
        pictures = scenes.signed(places)
        with torch.autocast(DEVICE, torch.bfloat16):
            made = decoder(latents.draw(latents.places_of(scenes.numbers[places])))
        made = made.float()
        loss = reconstruction_loss(made, pictures)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return {"loss": loss.detach(), "decibels": peak_signal_to_noise(made, pictures).detach()}

    run.train(take_step)


def main() -> None:
    train(*training_options(__doc__, STEPS))


if __name__ == "__main__":
    main()

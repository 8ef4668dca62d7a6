"""Paints with a model folder, as the studio would: its own steps and guidance, DDIM."""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from diffusion import guided, sampled
from exported import load_config, load_text, load_unet, load_vae
from run import DEVICE
from text_encoder import tokens_of

STEPS, GUIDANCE = 20, 4.0

Painter = Callable[[list[str], int], Tensor]
"""Prompts and a seed to pictures, bytes [B, 3, H, W]."""


def load_painter(model: Path) -> Painter:
    """A trained model; what its studio.json says of steps and guidance counts."""
    defaults = load_config(model / "studio.json").get("defaults", {})
    steps, guidance = defaults.get("steps", STEPS), defaults.get("guidanceScale", GUIDANCE)
    tokenizer, encoder = load_text(model)
    unet, (autoencoder, scale) = load_unet(model), load_vae(model)
    side, channels = unet.config["sample_size"], unet.config["in_channels"]

    @torch.no_grad()
    def paint(prompts: list[str], seed: int) -> Tensor:
        with torch.autocast(DEVICE, torch.bfloat16):
            tokens = tokens_of(tokenizer, ["", *prompts], "max_length").to(DEVICE)
            empty, *said = encoder(input_ids=tokens).last_hidden_state
            words = torch.stack(said) if guidance == 1 else torch.stack([*said, *[empty] * len(prompts)])

            def predict(x: Tensor, timesteps: Tensor) -> Tensor:
                if guidance == 1:
                    return unet(x, timesteps, words).float()
                both = unet(torch.cat([x, x]), torch.cat([timesteps, timesteps]), words).float()
                return guided(*both.chunk(2), guidance)

            generator = torch.Generator().manual_seed(seed)
            noise = torch.randn(len(prompts), channels, side, side, generator=generator)
            *_, latents = sampled(predict, noise.to(DEVICE), steps)
            pictures = torch.cat([autoencoder.decode(part / scale).float() for part in latents.split(50)])
        return ((pictures.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)

    return paint

"""Trains the autoencoder: python autoencoder.py RUN [--steps N]."""

import torch
from torch import Tensor
from torch.nn import functional as F

from networks.autoencoder_kl import AutoencoderKL
from pictures import HELD_OUT, picture_at, picture_batches, to_signed
from run import DEVICE, Run, learning_rate, training_options

CONFIG = {
    "_class_name": "AutoencoderKL",
    "in_channels": 3,
    "out_channels": 3,
    "block_out_channels": [32, 64, 128, 128],
    "down_block_types": ["DownEncoderBlock2D"] * 4,
    "up_block_types": ["UpDecoderBlock2D"] * 4,
    "layers_per_block": 1,
    "latent_channels": 4,
    "norm_num_groups": 8,
    "act_fn": "silu",
    "sample_size": 128,
}
BATCH = 8
STEPS = 10_500
# From here on only the decoder learns: latents stay as they are, and a step costs two thirds.
ENCODER_STEPS = 6_500
PEAK_RATE = 8e-4
# The prior's pull on the latents, per number: enough that what lies between two latents means something.
DIVERGENCE_WEIGHT = 5e-4


def new_autoencoder() -> AutoencoderKL:
    """An untrained autoencoder on the training device."""
    return AutoencoderKL(CONFIG).to(DEVICE, memory_format=torch.channels_last)


def reconstruction_loss(made: Tensor, pictures: Tensor) -> Tensor:
    """Absolute and squared error, and the absolute error of differences between neighbours, which keeps edges sharp."""
    across = F.l1_loss(made.diff(dim=3), pictures.diff(dim=3))
    down = F.l1_loss(made.diff(dim=2), pictures.diff(dim=2))
    return F.l1_loss(made, pictures) + 4 * F.mse_loss(made, pictures) + 0.5 * (across + down)


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Kullback-Leibler divergence from the standard normal, in nats a number of the latents."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()


def peak_signal_to_noise(made: Tensor, pictures: Tensor) -> float:
    """Mean over the pictures, in decibels of the 0..1 range."""
    errors = ((made.clamp(-1, 1) - pictures) / 2).square().mean(dim=(1, 2, 3))
    return (-10 * errors.log10()).mean().item()


@torch.no_grad()
def held_out_decibels(autoencoder: AutoencoderKL, count: int) -> float:
    """Reconstruction from the mean of the latents, over scenes never trained on."""
    figures = []
    for first in range(0, count, 32):
        pictures = to_signed(torch.stack([picture_at(HELD_OUT + first + i) for i in range(32)]).to(DEVICE))
        made = autoencoder.decode(autoencoder.encode(pictures)[0])
        figures.append(peak_signal_to_noise(made, pictures))
    return sum(figures) / len(figures)


def main() -> None:
    chosen = training_options(__doc__, STEPS)

    torch.manual_seed(0)
    autoencoder = new_autoencoder()
    optimizer = torch.optim.AdamW(autoencoder.parameters(), PEAK_RATE, betas=(0.9, 0.99), weight_decay=0.01, fused=True)
    run = Run(chosen.run, "autoencoder", {"network": autoencoder, "optimizer": optimizer}, chosen.steps)
    left = (run.steps - run.step) * BATCH
    batches = iter(picture_batches(run.step * BATCH, left, BATCH))

    def take_step(step: int) -> dict[str, float]:
        optimizer.param_groups[0]["lr"] = learning_rate(step, run.steps, PEAK_RATE, warmup=200)
        pictures = to_signed(next(batches).to(DEVICE))
        noise = torch.randn(BATCH, CONFIG["latent_channels"], 16, 16, device=DEVICE)
        with torch.autocast(DEVICE, torch.bfloat16):
            with torch.set_grad_enabled(step < ENCODER_STEPS):
                mean, log_variance = autoencoder.encode(pictures)
            made = autoencoder.decode(mean + (0.5 * log_variance).exp() * noise)
        made = made.float()
        apart = divergence(mean, log_variance)
        loss = reconstruction_loss(made, pictures) + DIVERGENCE_WEIGHT * apart
        loss.backward()
        torch.nn.utils.clip_grad_norm_(autoencoder.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        return {
            "loss": loss.item(),
            "divergence": apart.item(),
            "decibels": peak_signal_to_noise(made.detach(), pictures),
        }

    for _ in run.train(take_step):
        pass
    print(f"held out: {held_out_decibels(autoencoder, 512):.2f} dB")


if __name__ == "__main__":
    main()

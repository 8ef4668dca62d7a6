"""Trains the autoencoder: python autoencoder.py RUN [--steps N | --seconds N]."""

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from exported import load_weights
from networks.autoencoder_kl import AutoencoderKL
from pictures import to_signed
from run import DEVICE, ON_GPU, Plan, Run, trained_weights, training_options
from scene_pool import UNSEEN, ScenePool, pictures_of

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
    "sample_size": 256,
}
BATCH = 48 if ON_GPU else 4
STEPS = 10_500
# From here on only the decoder learns: latents stay as they are, and a step costs two thirds.
ENCODER_SHARE = 0.6
PEAK_RATE = 5e-4
# The prior's pull on the latents, per number: enough that what lies between two latents means something.
DIVERGENCE_WEIGHT = 5e-4


def new_autoencoder() -> AutoencoderKL:
    """An untrained autoencoder on the training device."""
    return AutoencoderKL(CONFIG).to(DEVICE, memory_format=torch.channels_last)


def load_autoencoder(run: Path) -> AutoencoderKL:
    """The trained autoencoder of a run, for use only."""
    autoencoder = new_autoencoder()
    autoencoder.load_state_dict(trained_weights(run, "autoencoder", "network"))
    return autoencoder.eval().requires_grad_(False)


def reconstruction_loss(made: Tensor, pictures: Tensor) -> Tensor:
    """Absolute and squared error, and the absolute error of differences between neighbours, which keeps edges sharp."""
    across = F.l1_loss(made.diff(dim=3), pictures.diff(dim=3))
    down = F.l1_loss(made.diff(dim=2), pictures.diff(dim=2))
    return F.l1_loss(made, pictures) + 4 * F.mse_loss(made, pictures) + 0.5 * (across + down)


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Kullback-Leibler divergence from the standard normal, in nats a number of the latents."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()


def peak_signal_to_noise(made: Tensor, pictures: Tensor) -> Tensor:
    """Mean over the pictures, in decibels of the 0..1 range."""
    errors = ((made.clamp(-1, 1) - pictures) / 2).square().mean(dim=(1, 2, 3))
    return (-10 * errors.log10()).mean()


@torch.no_grad()
def decibels_of(autoencoder: AutoencoderKL, pictures: Tensor) -> float:
    """Reconstruction of pictures, bytes [N, 3, H, W], from the mean of the latents."""
    figures = []
    for batch in pictures.split(32):
        signed = to_signed(batch.to(DEVICE))
        figures.append(peak_signal_to_noise(autoencoder.decode(autoencoder.encode(signed)[0]), signed))
    return torch.stack(figures).mean().item()


def train(folder: Path, plan: Plan) -> None:
    torch.manual_seed(0)
    autoencoder = new_autoencoder()
    if plan.base:
        autoencoder.load_state_dict(load_weights(plan.base / "vae"))
    optimizer = torch.optim.AdamW(autoencoder.parameters(), PEAK_RATE, betas=(0.9, 0.99), weight_decay=0.01, fused=True)
    run = Run(folder, "autoencoder", {"network": autoencoder, "optimizer": optimizer}, plan)
    pool = ScenePool(folder)

    def take_step(step: int) -> dict[str, Tensor]:
        optimizer.param_groups[0]["lr"] = run.rate(PEAK_RATE, warmup=50)
        if step % 20 == 0:
            pool.take_in()
        pictures = pool.signed(pool.draw(BATCH))
        with torch.autocast(DEVICE, torch.bfloat16):
            with torch.set_grad_enabled(run.progress < ENCODER_SHARE):
                mean, log_variance = autoencoder.encode(pictures)
            made = autoencoder.decode(mean + (0.5 * log_variance).exp() * torch.randn_like(mean))
        made = made.float()
        apart = divergence(mean, log_variance)
        loss = reconstruction_loss(made, pictures) + DIVERGENCE_WEIGHT * apart
        loss.backward()
        torch.nn.utils.clip_grad_norm_(autoencoder.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        figures = {"loss": loss, "divergence": apart, "decibels": peak_signal_to_noise(made, pictures)}
        return {name: figure.detach() for name, figure in figures.items()}

    run.train(take_step)
    print(f"held out: {decibels_of(autoencoder, pictures_of(folder, UNSEEN)):.2f} dB", flush=True)


def main() -> None:
    train(*training_options(__doc__, STEPS))


if __name__ == "__main__":
    main()

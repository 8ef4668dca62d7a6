"""The mathematics: forward noising in closed form, the loss, the reverse process. Names as in DDPM (Ho et al. 2020)."""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

STEPS = 1000
BETA_START, BETA_END = 0.0015, 0.0195
# Below this signal-to-noise ratio timesteps count alike.
LEAST_RATIO = 1 / 64
# The middle of the timesteps to learn from, as a logit, and the share of them that is uniform.
MIDDLE, UNIFORM = -0.6, 1 / 3


def alphas_cumprod() -> Tensor:
    """The share of signal left at each of the 1000 timesteps, for betas whose roots are evenly spaced (LDM): [1000]."""
    betas = torch.linspace(BETA_START**0.5, BETA_END**0.5, STEPS, dtype=torch.float64) ** 2
    return torch.cumprod(1 - betas, 0).float()


ALPHAS_CUMPROD = alphas_cumprod()


def at(values: Tensor, timesteps: Tensor) -> Tensor:
    """The values at timesteps [B], shaped to multiply [B, C, H, W]."""
    return values.to(timesteps.device)[timesteps][:, None, None, None]


def add_noise(clean: Tensor, noise: Tensor, timesteps: Tensor) -> Tensor:
    """q(x_t | x_0), DDPM equation 4: sqrt(alpha_bar) x_0 + sqrt(1 - alpha_bar) epsilon."""
    alpha_bar = at(ALPHAS_CUMPROD, timesteps)
    return alpha_bar.sqrt() * clean + (1 - alpha_bar).sqrt() * noise


def draw_timesteps(count: int) -> Tensor:
    """Timesteps to learn from, [count] in 0..999: a third uniform, the others logit-normal (Esser et al. 2024, 3.1).

    Where the noise is neither little nor nearly all, there is most to learn.
    """
    middle = torch.sigmoid(MIDDLE + torch.randn(count))
    anywhere = torch.rand(count)
    return (torch.where(torch.rand(count) < UNIFORM, anywhere, middle) * STEPS).long().clamp(max=STEPS - 1)


def loss_weights(timesteps: Tensor) -> Tensor:
    """How much timesteps count, [B]: half way between the error of the noise (1) and of the picture (1 / SNR).

    1 / sqrt(SNR) gives what is decided in much noise, where things are, as much weight as their details.
    """
    alpha_bar = ALPHAS_CUMPROD.to(timesteps.device)[timesteps]
    return (alpha_bar / (1 - alpha_bar)).clamp(min=LEAST_RATIO).rsqrt()


@torch.no_grad()
def sample(predict: Callable[[Tensor, Tensor], Tensor], noise: Tensor, steps: int) -> Tensor:
    """DDIM (Song et al. 2021, equation 12, eta = 0) from standard normal noise [B, C, H, W] to clean latents.

    predict: noisy latents and timesteps [B] to the predicted noise.
    """
    timesteps = torch.linspace(STEPS - 1, 0, steps + 1).round().long()
    x = noise
    for now, after in pairwise(timesteps):
        epsilon = predict(x, now.expand(len(x)).to(x.device))
        alpha_bar, next_bar = ALPHAS_CUMPROD[now], ALPHAS_CUMPROD[after]
        clean = (x - (1 - alpha_bar).sqrt() * epsilon) / alpha_bar.sqrt()
        x = next_bar.sqrt() * clean + (1 - next_bar).sqrt() * epsilon
    return clean


def guided(conditional: Tensor, unconditional: Tensor, scale: float) -> Tensor:
    """Classifier-free guidance (Ho and Salimans 2022): away from the empty caption, past the given one."""
    return unconditional + scale * (conditional - unconditional)

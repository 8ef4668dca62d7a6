"""The mathematics: forward noising in closed form, the loss, the reverse process. Names as in DDPM (Ho et al. 2020)."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import torch
from torch import Tensor

STEPS = 1000
BETA_START, BETA_END = 0.0015, 0.0195
# Below this signal-to-noise ratio timesteps count alike.
LEAST_RATIO = 1 / 64
# The middle of the timesteps to learn from, as a logit, and the share of them that is uniform.
MIDDLE, UNIFORM = -0.3, 1 / 3


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


def sampling_timesteps(steps: int) -> Tensor:
    """Timesteps to sample at, evenly spaced from 999 down, and the 0 that they end at: [steps + 1]."""
    return torch.linspace(STEPS - 1, 0, steps + 1).round().long()


@torch.no_grad()
def sampled(predict: Callable[[Tensor, Tensor], Tensor], noise: Tensor, steps: int) -> Iterator[Tensor]:
    """DDIM (Song et al. 2021, equation 12, eta = 0) from standard normal noise [B, C, H, W]: the latents after every
    step, the last ones clean.

    predict: noisy latents and timesteps [B] to the predicted noise.
    """
    x, timesteps = noise, sampling_timesteps(steps)[:, None].repeat(1, len(noise)).to(noise.device)
    for now, after in pairwise(timesteps):
        x = step_towards(x, predict(x, now), now, after)
        yield x


def signal_left(timesteps: Tensor) -> Tensor:
    """alpha_bar in the reverse process, which ends with all of the signal at timestep 0: [B, 1, 1, 1]."""
    left = torch.cat([torch.ones(1), ALPHAS_CUMPROD[1:]])
    return at(left, timesteps)


def step_towards(x: Tensor, epsilon: Tensor, now: Tensor, after: Tensor) -> Tensor:
    """One step of DDIM from timesteps [B] to earlier ones."""
    alpha_bar, next_bar = signal_left(now), signal_left(after)
    clean = (x - (1 - alpha_bar).sqrt() * epsilon) / alpha_bar.sqrt()
    return next_bar.sqrt() * clean + (1 - next_bar).sqrt() * epsilon


def guided(conditional: Tensor, unconditional: Tensor, scale: float) -> Tensor:
    """Classifier-free guidance (Ho and Salimans 2022): away from the empty caption, past the given one."""
    return unconditional + scale * (conditional - unconditional)

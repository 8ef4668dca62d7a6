"""Algorithms 1 and 2 of DDPM (Ho, Jain, Abbeel 2020), with the cosine schedule (Nichol and Dhariwal 2021)."""

import math
from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

STEPS = 1000
MOST_BETA = 0.999

Network = Callable[[Tensor, Tensor], Tensor]
"""Noisy pictures [B, 3, H, W] and their timesteps [B] to the noise in them."""


def alphas_cumprod() -> Tensor:
    """alpha_bar of the cosine schedule (Nichol and Dhariwal, equation 17), "squaredcos_cap_v2" in diffusers: [1000]."""
    f = [math.cos((t / STEPS + 0.008) / 1.008 * math.pi / 2) ** 2 for t in range(STEPS + 1)]
    betas = torch.tensor([min(1 - after / before, MOST_BETA) for before, after in pairwise(f)], dtype=torch.float64)
    return torch.cumprod(1 - betas, 0).float()


ALPHAS_CUMPROD = alphas_cumprod()


def noisy(x_0: Tensor, epsilon: Tensor, t: Tensor) -> Tensor:
    """q(x_t | x_0), equation 4, for timesteps [B]."""
    alpha_bar = ALPHAS_CUMPROD.to(x_0)[t][:, None, None, None]
    return alpha_bar.sqrt() * x_0 + (1 - alpha_bar).sqrt() * epsilon


def loss_of(network: Network, x_0: Tensor) -> Tensor:
    """Algorithm 1, lines 3 to 5: the mean error of the noise (equation 14)."""
    t = torch.randint(STEPS, (len(x_0),), device=x_0.device)
    epsilon = torch.randn_like(x_0)
    return (epsilon - network(noisy(x_0, epsilon, t), t)).square().mean()


@torch.no_grad()
def sample(network: Network, x: Tensor, steps: int, chance: torch.Generator) -> Tensor:
    """Algorithm 2 from noise x [B, 3, H, W], over `steps` of the timesteps.

    Its line 4 is written as equation 7, around a guess of x_0 that is kept to what
    pictures have: the last betas would make thirty times of any error of the noise.
    """
    timesteps = [*torch.linspace(STEPS - 1, 0, steps).round().long().tolist(), -1]
    for t, before in pairwise(timesteps):
        alpha_bar = ALPHAS_CUMPROD[t]
        alpha_bar_before = ALPHAS_CUMPROD[before] if before >= 0 else torch.tensor(1.0)
        beta = 1 - alpha_bar / alpha_bar_before
        epsilon = network(x, torch.full((len(x),), t, device=x.device))
        x_0 = ((x - (1 - alpha_bar).sqrt() * epsilon) / alpha_bar.sqrt()).clamp(-1, 1)
        of_guess = alpha_bar_before.sqrt() * beta
        of_x = (1 - beta).sqrt() * (1 - alpha_bar_before)
        mean = (of_guess * x_0 + of_x * x) / (1 - alpha_bar)
        z = torch.randn(x.shape, generator=chance).to(x) if before >= 0 else torch.zeros_like(x)
        x = mean + (beta * (1 - alpha_bar_before) / (1 - alpha_bar)).sqrt() * z
    return x

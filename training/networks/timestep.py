"""The timestep as a vector that every residual block reads (DDPM, appendix B)."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class TimestepEmbedding(nn.Module):
    """Timesteps [B] to [B, outputs]: `waves` cosines and sines of falling frequencies, through two linear layers."""

    def __init__(self, waves: int, outputs: int):
        super().__init__()
        self.half = waves // 2
        self.linear_1, self.linear_2 = nn.Linear(waves, outputs), nn.Linear(outputs, outputs)

    def forward(self, timesteps: Tensor) -> Tensor:
        frequencies = torch.exp(-math.log(10000.0) / self.half * torch.arange(self.half, device=timesteps.device))
        angles = timesteps.float()[:, None] * frequencies
        return self.linear_2(F.silu(self.linear_1(torch.cat([angles.cos(), angles.sin()], dim=1))))

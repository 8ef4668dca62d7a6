"""Muon (Jordan et al. 2024): momentum whose matrices are made orthogonal, so that no direction learns slower.

For the matrices and convolutions of a network; what is left (norms, biases, first and last layers) takes AdamW.
"""

import torch
from torch import Tensor, nn

# Newton-Schulz iteration towards the nearest orthogonal matrix, the quintic of the Muon paper.
QUINTIC = (3.4445, -4.7750, 2.0315)
ITERATIONS = 5


def orthogonal(matrix: Tensor) -> Tensor:
    """The matrix [rows, columns] with its singular values pushed to about 1, in bfloat16."""
    a, b, c = QUINTIC
    x = matrix.bfloat16()
    wide = x.shape[0] <= x.shape[1]
    x = x if wide else x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(ITERATIONS):
        square = x @ x.T
        x = torch.addmm(x, torch.addmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return x if wide else x.T


class Muon(torch.optim.Optimizer):
    """Parameters of two or more dimensions, seen as [outputs, everything else]; steps have AdamW's usual size."""

    def __init__(self, parameters, lr: float, momentum: float = 0.95, weight_decay: float = 0.0):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                velocity = state.setdefault("momentum", torch.zeros_like(parameter))
                velocity.lerp_(parameter.grad, 1 - group["momentum"])
                ahead = parameter.grad.lerp(velocity, group["momentum"])
                update = orthogonal(ahead.flatten(1)).view_as(parameter).to(parameter.dtype)
                # A root mean square of 0.2 an entry, whatever the shape (Liu et al. 2025, section 2.2).
                size = 0.2 * max(parameter.shape[0], parameter[0].numel()) ** 0.5
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.add_(update, alpha=-group["lr"] * size)


def split(module: nn.Module, outer: tuple[str, ...]) -> tuple[list[Tensor], list[Tensor]]:
    """Parameters for Muon, and those for AdamW: vectors, and the weights whose name starts with one of `outer`."""
    inner, others = [], []
    for name, parameter in module.named_parameters():
        fits = parameter.ndim >= 2 and not name.startswith(outer)
        (inner if fits else others).append(parameter)
    return inner, others

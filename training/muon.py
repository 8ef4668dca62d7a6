"""Muon (Jordan et al. 2024): momentum whose matrices are made orthogonal, so that no direction learns slower.

For the matrices and convolutions of a network; what is left (norms, biases, first and last layers) takes AdamW.
"""

import torch
from torch import Tensor, nn

# Newton-Schulz iteration towards the nearest orthogonal matrix, the quintic of the Muon paper.
QUINTIC = (3.4445, -4.7750, 2.0315)
ITERATIONS = 5
# A processor that cannot multiply bfloat16 takes ten times as long with it as with float32.
FAST = torch.bfloat16 if torch.cuda.is_available() or torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32


def orthogonal(matrices: Tensor) -> Tensor:
    """The matrices [N, rows, columns] with their singular values pushed to about 1."""
    a, b, c = QUINTIC
    x = matrices.to(FAST)
    wide = x.shape[1] <= x.shape[2]
    x = x if wide else x.mT
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(ITERATIONS):
        square = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return x if wide else x.mT


class Muon(torch.optim.Optimizer):
    """Parameters of two or more dimensions, seen as [outputs, everything else]; steps have AdamW's usual size.

    Those of one shape are made orthogonal together: a GPU has many small ones done in the time of one.
    """

    def __init__(self, parameters, lr: float, momentum: float = 0.95, weight_decay: float = 0.0):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            alike: dict[tuple[int, int], list[Tensor]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    alike.setdefault((len(parameter), parameter[0].numel()), []).append(parameter)
            for (rows, columns), parameters in alike.items():
                # A root mean square of 0.2 an entry, whatever the shape (Liu et al. 2025, section 2.2).
                size = 0.2 * max(rows, columns) ** 0.5
                updates = orthogonal(torch.stack([self.ahead(p, group["momentum"]).flatten(1) for p in parameters]))
                torch._foreach_mul_(parameters, 1 - group["lr"] * group["weight_decay"])
                steps = [update.reshape(p.shape).to(p.dtype) for p, update in zip(parameters, updates)]
                torch._foreach_add_(parameters, steps, alpha=-group["lr"] * size)

    def ahead(self, parameter: Tensor, momentum: float) -> Tensor:
        """Where the gradient is going: Nesterov's look ahead of its moving average."""
        velocity = self.state[parameter].setdefault("momentum", torch.zeros_like(parameter))
        velocity.lerp_(parameter.grad, 1 - momentum)
        return parameter.grad.lerp(velocity, momentum)


def split(module: nn.Module, outer: tuple[str, ...]) -> tuple[list[Tensor], list[Tensor]]:
    """Parameters for Muon, and those for AdamW: vectors, and the weights whose name starts with one of `outer`."""
    inner, others = [], []
    for name, parameter in module.named_parameters():
        fits = parameter.ndim >= 2 and not name.startswith(outer)
        (inner if fits else others).append(parameter)
    return inner, others

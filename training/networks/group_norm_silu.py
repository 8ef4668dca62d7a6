"""GroupNorm and SiLU in one: half of the autoencoder's training time on a CPU, when PyTorch does them one by one."""

import ctypes
import shutil
import subprocess
from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SOURCE = Path(__file__).with_suffix(".cpp")
FLAGS = ["-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-fopenmp", "-shared", "-fPIC"]


@cache
def library() -> ctypes.CDLL | None:
    """The compiled kernel, built when its source is newer; None where there is no C++ compiler."""
    if shutil.which("c++") is None:
        return None
    built = SOURCE.parent / "__pycache__" / "group_norm_silu.so"
    if not built.exists() or built.stat().st_mtime < SOURCE.stat().st_mtime:
        built.parent.mkdir(exist_ok=True)
        subprocess.run(["c++", *FLAGS, str(SOURCE), "-o", str(built)], check=True)
    return ctypes.CDLL(str(built))


def pointers(*tensors: Tensor) -> list[ctypes.c_void_p]:
    return [ctypes.c_void_p(tensor.data_ptr()) for tensor in tensors]


class Kernel(torch.autograd.Function):
    """x: [B, C, H, W], bfloat16, channels last; weight and bias: [C], float32."""

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, bias: Tensor, groups: int, epsilon: float) -> Tensor:
        batch, channels, height, width = x.shape
        y = torch.empty_like(x)
        mean, rstd = torch.empty(2, batch, groups)
        shape = (batch, height * width, channels, groups)
        library().forward(*pointers(x, weight, bias, y, mean, rstd), *shape, ctypes.c_float(epsilon))
        ctx.save_for_backward(x, weight, bias, mean, rstd)
        ctx.shape = shape
        return y

    @staticmethod
    def backward(ctx, dy: Tensor) -> tuple[Tensor | None, ...]:
        x, weight, bias, mean, rstd = ctx.saved_tensors
        dy = dy.contiguous(memory_format=torch.channels_last)
        dx = torch.empty_like(x)
        dweight, dbias = torch.empty(2, x.shape[0], x.shape[1])
        library().backward(*pointers(dy, x, weight, bias, mean, rstd, dx, dweight, dbias), *ctx.shape)
        return dx, dweight.sum(0), dbias.sum(0), None, None


class GroupNormSiLU(nn.GroupNorm):
    """silu(group_norm(x)): by the kernel while training in bfloat16 on a CPU, by PyTorch elsewhere."""

    def forward(self, x: Tensor) -> Tensor:
        fits = x.device.type == "cpu" and x.dtype == torch.bfloat16
        if fits and x.is_contiguous(memory_format=torch.channels_last) and library():
            return Kernel.apply(x, self.weight, self.bias, self.num_groups, self.eps)
        return F.silu(super().forward(x))

"""The layers that the autoencoder and the U-Net share, under the names that diffusers gives their weights."""

from torch import Tensor, nn
from torch.nn import functional as F

from networks.group_norm_silu import GroupNormSiLU


class ResnetBlock(nn.Module):
    """GroupNorm, SiLU, 3x3 convolution, twice, beside a shortcut: [B, in, H, W] to [B, out, H, W].

    With `time_channels` the embedding of the timestep, [B, time_channels], is added between the two halves.
    """

    def __init__(self, inputs: int, outputs: int, groups: int, epsilon: float, time_channels: int | None = None):
        super().__init__()
        self.norm1 = GroupNormSiLU(groups, inputs, epsilon)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        if time_channels:
            self.time_emb_proj = nn.Linear(time_channels, outputs)
        self.norm2 = GroupNormSiLU(groups, outputs, epsilon)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor, time: Tensor | None = None) -> Tensor:
        hidden = self.conv1(self.norm1(x))
        if time is not None:
            hidden = hidden + self.time_emb_proj(F.silu(time))[:, :, None, None]
        return self.conv_shortcut(x) + self.conv2(self.norm2(hidden))


class Attention(nn.Module):
    """Multi-head attention of [B, N, width] over itself or over a context [B, M, context width]."""

    def __init__(self, width: int, heads: int, context_width: int | None = None, bias: bool = False):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(width, width, bias)
        self.to_k = nn.Linear(context_width or width, width, bias)
        self.to_v = nn.Linear(context_width or width, width, bias)
        self.to_out = nn.ModuleList([nn.Linear(width, width)])

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        context = x if context is None else context
        q, k, v = (
            projected.unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for projected in (self.to_q(x), self.to_k(context), self.to_v(context))
        )
        attended = F.scaled_dot_product_attention(q, k, v)
        return self.to_out[0](attended.transpose(1, 2).flatten(2))


class PlaceAttention(Attention):
    """The places of [B, C, H, W] among themselves, beside a shortcut."""

    def __init__(self, channels: int, heads: int, groups: int, epsilon: float):
        super().__init__(channels, heads, bias=True)
        self.group_norm = nn.GroupNorm(groups, channels, epsilon)

    def forward(self, x: Tensor) -> Tensor:
        return x + unflatten_places(super().forward(flatten_places(self.group_norm(x))), *x.shape[2:])


class Downsample(nn.Module):
    """Halves height and width with a 3x3 convolution of stride 2; the autoencoder pads right and below only."""

    def __init__(self, channels: int, one_sided: bool):
        super().__init__()
        self.one_sided = one_sided
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=0 if one_sided else 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.pad(x, (0, 1, 0, 1)) if self.one_sided else x)


class Upsample(nn.Module):
    """Doubles height and width: nearest neighbours, then a 3x3 convolution."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))


def flatten_places(x: Tensor) -> Tensor:
    """[B, C, H, W] to [B, H*W, C]."""
    return x.flatten(2).transpose(1, 2)


def unflatten_places(x: Tensor, height: int, width: int) -> Tensor:
    """[B, H*W, C] to [B, C, H, W]."""
    return x.transpose(1, 2).unflatten(2, (height, width))


def named(**modules: nn.Module) -> nn.Module:
    """A module that only holds others, so that their weights get the names of the diffusers layout."""
    holder = nn.Module()
    for name, module in modules.items():
        setattr(holder, name, module)
    return holder

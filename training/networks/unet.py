"""UNet2DConditionModel: the noise in noisy latents, given the timestep and the words (LDM, section 3.3)."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from networks.group_norm_silu import GroupNormSiLU
from networks.layers import (
    Attention,
    Downsample,
    ResnetBlock,
    Upsample,
    flatten_places,
    named,
    unflatten_places,
)
from networks.timestep import TimestepEmbedding

EPSILON = 1e-5


class GatedFeedForward(nn.Module):
    """GEGLU (Shazeer 2020) to four times the width, and back."""

    def __init__(self, width: int):
        super().__init__()
        self.net = nn.ModuleList([named(proj=nn.Linear(width, 8 * width)), nn.Identity(), nn.Linear(4 * width, width)])

    def forward(self, x: Tensor) -> Tensor:
        hidden, gate = self.net[0].proj(x).chunk(2, dim=-1)
        return self.net[2](hidden * F.gelu(gate))


class TransformerBlock(nn.Module):
    """Attention of the places to each other, then to the words, then a feed-forward network."""

    def __init__(self, width: int, heads: int, context_width: int):
        super().__init__()
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))
        self.attn1 = Attention(width, heads)
        self.attn2 = Attention(width, heads, context_width)
        self.ff = GatedFeedForward(width)

    def forward(self, x: Tensor, words: Tensor) -> Tensor:
        x = x + self.attn1(self.norm1(x))
        x = x + self.attn2(self.norm2(x), words)
        return x + self.ff(self.norm3(x))


class SpatialTransformer(nn.Module):
    """One transformer block over the places of [B, C, H, W], beside a shortcut."""

    def __init__(self, channels: int, heads: int, context_width: int, groups: int):
        super().__init__()
        self.norm = nn.GroupNorm(groups, channels, 1e-6)
        self.proj_in = nn.Linear(channels, channels)
        self.transformer_blocks = nn.ModuleList([TransformerBlock(channels, heads, context_width)])
        self.proj_out = nn.Linear(channels, channels)

    def forward(self, x: Tensor, words: Tensor) -> Tensor:
        places = self.transformer_blocks[0](self.proj_in(flatten_places(self.norm(x))), words)
        return x + unflatten_places(self.proj_out(places), *x.shape[2:])


class Block(nn.Module):
    """Residual blocks, each followed by attention where the level has it, then a change of size where it has one."""

    def __init__(self, resnets: list[ResnetBlock], attentions: list[SpatialTransformer], **resize: nn.Module):
        super().__init__()
        self.resnets = nn.ModuleList(resnets)
        if attentions:
            self.attentions = nn.ModuleList(attentions)
        for name, module in resize.items():
            setattr(self, name, nn.ModuleList([module]))

    def step(self, index: int, x: Tensor, time: Tensor, words: Tensor) -> Tensor:
        x = self.resnets[index](x, time)
        return self.attentions[index](x, words) if hasattr(self, "attentions") else x


class UNet2DConditionModel(nn.Module):
    """Latents [B, C, h, w], timesteps [B] in 0..999 and words [B, tokens, width] to the noise in them [B, C, h, w]."""

    def __init__(self, config: dict):
        super().__init__()
        self.config = config
        channels, groups = config["block_out_channels"], config["norm_num_groups"]
        layers, heads = config["layers_per_block"], config["attention_head_dim"]
        words = config["cross_attention_dim"]
        time = 4 * channels[0]

        def resnet(inputs: int, outputs: int) -> ResnetBlock:
            return ResnetBlock(inputs, outputs, groups, EPSILON, time)

        def attention(width: int) -> SpatialTransformer:
            return SpatialTransformer(width, heads, words, groups)

        def attentions(kind: str, width: int, count: int) -> list[SpatialTransformer]:
            return [attention(width) for _ in range(count)] if kind.startswith("CrossAttn") else []

        self.time_embedding = TimestepEmbedding(channels[0], time)
        self.conv_in = nn.Conv2d(config["in_channels"], channels[0], 3, padding=1)
        self.down_blocks = nn.ModuleList()
        skips = [channels[0]]
        for level, (kind, width) in enumerate(zip(config["down_block_types"], channels)):
            last = level + 1 == len(channels)
            inputs = [skips[-1]] + [width] * (layers - 1)
            resize = {} if last else {"downsamplers": Downsample(width, one_sided=False)}
            self.down_blocks.append(
                Block([resnet(i, width) for i in inputs], attentions(kind, width, layers), **resize)
            )
            skips += [width] * (layers if last else layers + 1)

        bottom = channels[-1]
        self.mid_block = Block([resnet(bottom, bottom), resnet(bottom, bottom)], [attention(bottom)])

        self.up_blocks = nn.ModuleList()
        below = bottom
        for level, (kind, width) in enumerate(zip(config["up_block_types"], channels[::-1])):
            resnets = []
            for _ in range(layers + 1):
                resnets.append(resnet(below + skips.pop(), width))
                below = width
            resize = {} if level + 1 == len(channels) else {"upsamplers": Upsample(width)}
            self.up_blocks.append(Block(resnets, attentions(kind, width, layers + 1), **resize))

        self.conv_norm_out = GroupNormSiLU(groups, channels[0], EPSILON)
        self.conv_out = nn.Conv2d(channels[0], config["out_channels"], 3, padding=1)

    def forward(self, latents: Tensor, timesteps: Tensor, words: Tensor) -> Tensor:
        time = self.time_embedding(timesteps).to(words.dtype)
        x = self.conv_in(latents)
        skips = [x]
        for block in self.down_blocks:
            for index in range(len(block.resnets)):
                x = block.step(index, x, time, words)
                skips.append(x)
            if hasattr(block, "downsamplers"):
                x = block.downsamplers[0](x)
                skips.append(x)
        x = self.mid_block.step(0, x, time, words)
        x = self.mid_block.resnets[1](x, time)
        for block in self.up_blocks:
            for index in range(len(block.resnets)):
                x = block.step(index, torch.cat([x, skips.pop()], dim=1), time, words)
            if hasattr(block, "upsamplers"):
                x = block.upsamplers[0](x)
        return self.conv_out(self.conv_norm_out(x))

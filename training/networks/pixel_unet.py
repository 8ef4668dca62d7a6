"""UNet2DModel: the noise in noisy pictures, given the timestep alone (DDPM, appendix B)."""

import torch
from torch import Tensor, nn

from networks.group_norm_silu import GroupNormSiLU
from networks.layers import Downsample, PlaceAttention, ResnetBlock, Upsample, named
from networks.timestep import TimestepEmbedding


class UNet2DModel(nn.Module):
    """Pictures [B, 3, H, W] and timesteps [B] in 0..999 to the noise in them [B, 3, H, W]."""

    def __init__(self, config: dict):
        super().__init__()
        channels, groups, layers = config["block_out_channels"], config["norm_num_groups"], config["layers_per_block"]
        epsilon, time = config["norm_eps"], 4 * channels[0]

        def resnet(inputs: int, outputs: int) -> ResnetBlock:
            return ResnetBlock(inputs, outputs, groups, epsilon, time)

        def level(kind: str, inputs: list[int], width: int, **resize: nn.Module) -> nn.Module:
            parts = {"resnets": nn.ModuleList([resnet(count, width) for count in inputs])}
            if kind.startswith("Attn"):
                head = config["attention_head_dim"]
                parts["attentions"] = nn.ModuleList(
                    [PlaceAttention(width, width // head, groups, epsilon) for _ in inputs]
                )
            return named(**parts, **{name: nn.ModuleList([module]) for name, module in resize.items()})

        self.time_embedding = TimestepEmbedding(channels[0], time)
        self.conv_in = nn.Conv2d(config["in_channels"], channels[0], 3, padding=1)
        self.down_blocks = nn.ModuleList()
        skips = [channels[0]]
        for place, (kind, width) in enumerate(zip(config["down_block_types"], channels)):
            last = place + 1 == len(channels)
            resize = {} if last else {"downsamplers": Downsample(width, one_sided=False)}
            self.down_blocks.append(level(kind, [skips[-1]] + [width] * (layers - 1), width, **resize))
            skips += [width] * (layers if last else layers + 1)

        self.mid_block = level("Attn", [channels[-1]], channels[-1])
        self.mid_block.resnets.append(resnet(channels[-1], channels[-1]))

        self.up_blocks = nn.ModuleList()
        below = channels[-1]
        for place, (kind, width) in enumerate(zip(config["up_block_types"], channels[::-1])):
            inputs = [(width if layer else below) + skips.pop() for layer in range(layers + 1)]
            resize = {} if place + 1 == len(channels) else {"upsamplers": Upsample(width)}
            self.up_blocks.append(level(kind, inputs, width, **resize))
            below = width

        self.conv_norm_out = GroupNormSiLU(groups, channels[0], epsilon)
        self.conv_out = nn.Conv2d(channels[0], config["out_channels"], 3, padding=1)

    def forward(self, pictures: Tensor, timesteps: Tensor) -> Tensor:
        time = self.time_embedding(timesteps)
        x = self.conv_in(pictures)
        skips = [x]
        for block in self.down_blocks:
            for layer in range(len(block.resnets)):
                x = layer_of(block, layer, x, time)
                skips.append(x)
            if hasattr(block, "downsamplers"):
                x = block.downsamplers[0](x)
                skips.append(x)
        x = layer_of(self.mid_block, 0, x, time)
        x = self.mid_block.resnets[1](x, time)
        for block in self.up_blocks:
            for layer in range(len(block.resnets)):
                x = layer_of(block, layer, torch.cat([x, skips.pop()], dim=1), time)
            if hasattr(block, "upsamplers"):
                x = block.upsamplers[0](x)
        return self.conv_out(self.conv_norm_out(x))


def layer_of(block: nn.Module, layer: int, x: Tensor, time: Tensor) -> Tensor:
    """One residual block and, where the block has it, attention after it."""
    x = block.resnets[layer](x, time)
    return block.attentions[layer](x) if hasattr(block, "attentions") else x

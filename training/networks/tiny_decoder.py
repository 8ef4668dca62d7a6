"""The decoder of a tiny autoencoder after TAESD (Bohan 2023), in the layout of diffusers' AutoencoderTiny."""

import torch
from torch import Tensor, nn

from networks.layers import named


class TinyBlock(nn.Module):
    """Three 3x3 convolutions beside a shortcut: [B, C, H, W] to the same."""

    def __init__(self, channels: int):
        super().__init__()
        first, second, third = (nn.Conv2d(channels, channels, 3, padding=1) for _ in range(3))
        self.conv = nn.Sequential(first, nn.ReLU(), second, nn.ReLU(), third)

    def forward(self, x: Tensor) -> Tensor:
        return (self.conv(x) + x).relu()


class TinyDecoder(nn.Module):
    """Scaled latents [B, C, h, w] to pictures [B, 3, 8h, 8w] in about -1..1."""

    def __init__(self, config: dict):
        super().__init__()
        channels, blocks = config["decoder_block_out_channels"], config["num_decoder_blocks"]
        layers: list[nn.Module] = [nn.Conv2d(config["latent_channels"], channels[0], 3, padding=1), nn.ReLU()]
        for level, (width, count) in enumerate(zip(channels, blocks)):
            layers += [TinyBlock(width) for _ in range(count)]
            if level + 1 < len(channels):
                layers += [nn.Upsample(scale_factor=2), nn.Conv2d(width, width, 3, padding=1, bias=False)]
            else:
                layers.append(nn.Conv2d(width, 3, 3, padding=1))
        self.decoder = named(layers=nn.Sequential(*layers))

    def forward(self, latents: Tensor) -> Tensor:
        # TAESD keeps latents within 3 of zero, and answers 0..1.
        return self.decoder.layers(torch.tanh(latents / 3) * 3) * 2 - 1

"""AutoencoderKL: pictures to latents an eighth as wide and high, and back (Rombach et al. 2022, section 3.1)."""

from torch import Tensor, nn

from networks.group_norm_silu import GroupNormSiLU
from networks.layers import Downsample, PlaceAttention, ResnetBlock, Upsample, named

EPSILON = 1e-6


class MidBlock(nn.Module):
    """Two residual blocks around attention of one head over all places."""

    def __init__(self, channels: int, groups: int):
        super().__init__()
        self.resnets = nn.ModuleList([ResnetBlock(channels, channels, groups, EPSILON) for _ in range(2)])
        self.attentions = nn.ModuleList([PlaceAttention(channels, 1, groups, EPSILON)])

    def forward(self, x: Tensor) -> Tensor:
        return self.resnets[1](self.attentions[0](self.resnets[0](x)))


class Encoder(nn.Module):
    """[B, 3, 8h, 8w] in -1..1 to mean and log variance [B, 2 * latent channels, h, w]."""

    def __init__(self, channels: list[int], latent_channels: int, resnets: int, groups: int):
        super().__init__()
        self.conv_in = nn.Conv2d(3, channels[0], 3, padding=1)
        self.down_blocks = nn.ModuleList()
        for level, width in enumerate(channels):
            inputs = [channels[max(level - 1, 0)]] + [width] * (resnets - 1)
            block = named(resnets=nn.ModuleList([ResnetBlock(i, width, groups, EPSILON) for i in inputs]))
            if level + 1 < len(channels):
                block.downsamplers = nn.ModuleList([Downsample(width, one_sided=True)])
            self.down_blocks.append(block)
        self.mid_block = MidBlock(channels[-1], groups)
        self.conv_norm_out = GroupNormSiLU(groups, channels[-1], EPSILON)
        self.conv_out = nn.Conv2d(channels[-1], 2 * latent_channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv_in(x)
        for block in self.down_blocks:
            for resnet in block.resnets:
                x = resnet(x)
            if hasattr(block, "downsamplers"):
                x = block.downsamplers[0](x)
        return self.conv_out(self.conv_norm_out(self.mid_block(x)))


class Decoder(nn.Module):
    """Latents [B, latent channels, h, w] to a picture [B, 3, 8h, 8w]; one residual block a level more than down."""

    def __init__(self, channels: list[int], latent_channels: int, resnets: int, groups: int):
        super().__init__()
        widths = channels[::-1]
        self.conv_in = nn.Conv2d(latent_channels, widths[0], 3, padding=1)
        self.mid_block = MidBlock(widths[0], groups)
        self.up_blocks = nn.ModuleList()
        for level, width in enumerate(widths):
            inputs = [widths[max(level - 1, 0)]] + [width] * resnets
            block = named(resnets=nn.ModuleList([ResnetBlock(i, width, groups, EPSILON) for i in inputs]))
            if level + 1 < len(widths):
                block.upsamplers = nn.ModuleList([Upsample(width)])
            self.up_blocks.append(block)
        self.conv_norm_out = GroupNormSiLU(groups, widths[-1], EPSILON)
        self.conv_out = nn.Conv2d(widths[-1], 3, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.mid_block(self.conv_in(x))
        for block in self.up_blocks:
            for resnet in block.resnets:
                x = resnet(x)
            if hasattr(block, "upsamplers"):
                x = block.upsamplers[0](x)
        return self.conv_out(self.conv_norm_out(x))


class AutoencoderKL(nn.Module):
    """Encoder and decoder with a 1x1 convolution on either side of the latents."""

    def __init__(self, config: dict):
        super().__init__()
        self.config = config
        shape = (
            config["block_out_channels"],
            config["latent_channels"],
            config["layers_per_block"],
            config["norm_num_groups"],
        )
        latent_channels = config["latent_channels"]
        self.encoder = Encoder(*shape)
        self.decoder = Decoder(*shape)
        self.quant_conv = nn.Conv2d(2 * latent_channels, 2 * latent_channels, 1)
        self.post_quant_conv = nn.Conv2d(latent_channels, latent_channels, 1)

    def encode(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance of the latents, unscaled; the log variance is kept in -30..20 as diffusers does."""
        mean, log_variance = self.quant_conv(self.encoder(pictures)).float().chunk(2, dim=1)
        return mean, log_variance.clamp(-30.0, 20.0)

    def decode(self, latents: Tensor) -> Tensor:
        """Pictures of unscaled latents, about -1..1."""
        return self.decoder(self.post_quant_conv(latents))

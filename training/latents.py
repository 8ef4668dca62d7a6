"""Encodes scenes once, for the denoiser to learn from: python latents.py RUN [--scenes N].

RUN/latents/K.safetensors holds scenes K * SHARD onwards: mean and deviation of their latents, float16. More scenes
can be added at any time, also while the denoiser trains.
"""

import argparse
from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from autoencoder import new_autoencoder
from networks.autoencoder_kl import AutoencoderKL
from pictures import picture_batches, to_signed
from run import DEVICE

SHARD = 4096
SCENES = 10 * SHARD
BATCH = 64


def load_autoencoder(run: Path) -> AutoencoderKL:
    """The trained autoencoder of a run, for use only."""
    autoencoder = new_autoencoder()
    saved = torch.load(run / "autoencoder.pt", map_location=DEVICE, weights_only=True)
    autoencoder.load_state_dict(saved["network"])
    return autoencoder.eval().requires_grad_(False)


@torch.no_grad()
def encode_shard(autoencoder: AutoencoderKL, shard: int) -> dict[str, Tensor]:
    """Mean and deviation, [SHARD, C, 16, 16], of the scenes of a shard."""
    means, deviations = [], []
    for pictures in picture_batches(shard * SHARD, SHARD, BATCH):
        with torch.autocast(DEVICE, torch.bfloat16):
            mean, log_variance = autoencoder.encode(to_signed(pictures.to(DEVICE)))
        means.append(mean.half().cpu())
        deviations.append((0.5 * log_variance).exp().half().cpu())
    return {"mean": torch.cat(means).contiguous(), "deviation": torch.cat(deviations).contiguous()}


def shard_files(run: Path) -> list[Path]:
    """The shards that are there, from the first on."""
    return sorted((run / "latents").glob("*.safetensors"))


@cache
def scaling_factor(run: Path) -> float:
    """What latents are multiplied by to have the unit variance that diffusion expects (LDM, section G)."""
    first = load_file(shard_files(run)[0])
    mean, deviation = first["mean"].float(), first["deviation"].float()
    return 1 / (mean + deviation * torch.randn(mean.shape, generator=torch.Generator().manual_seed(0))).std().item()


class LatentPool:
    """All encoded scenes of a run, in memory."""

    def __init__(self, run: Path):
        shards = [load_file(file) for file in shard_files(run)]
        self.mean = torch.cat([shard["mean"] for shard in shards])
        self.deviation = torch.cat([shard["deviation"] for shard in shards])
        self.scale = scaling_factor(run)

    def __len__(self) -> int:
        return len(self.mean)

    def draw(self, indices: Tensor) -> Tensor:
        """Scaled latents of the scenes, [B, C, 16, 16], drawn anew from what the encoder said."""
        mean, deviation = self.mean[indices].float(), self.deviation[indices].float()
        return (mean + deviation * torch.randn_like(mean)) * self.scale


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("run", type=Path, help="folder of the run")
    options.add_argument("--scenes", type=int, default=SCENES)
    chosen = options.parse_args()
    folder = chosen.run / "latents"
    folder.mkdir(exist_ok=True)
    autoencoder = load_autoencoder(chosen.run)
    shards = -(-chosen.scenes // SHARD)
    for shard in range(shards):
        file = folder / f"{shard:05}.safetensors"
        if not file.exists():
            partial = file.with_suffix(".partial")
            save_file(encode_shard(autoencoder, shard), partial)
            partial.replace(file)
        print(f"{shard + 1}/{shards} shards of {SHARD} scenes", flush=True)


if __name__ == "__main__":
    main()

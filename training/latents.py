"""Encodes scenes once, for the denoiser to learn from: python latents.py RUN.

RUN/latents/K.safetensors holds the latents of the scenes in RUN/scenes/K.safetensors: mean and deviation, float16.
"""

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from autoencoder import load_autoencoder
from networks.autoencoder_kl import AutoencoderKL
from pictures import to_signed
from run import DEVICE
from scene_pool import CHUNK, chunk_numbers, pictures_of

BATCH = 128


@torch.no_grad()
def encode(autoencoder: AutoencoderKL, pictures: Tensor) -> dict[str, Tensor]:
    """Mean and deviation, [N, C, h, w], of pictures [N, 3, 8h, 8w] as bytes."""
    means, deviations = [], []
    for batch in pictures.split(BATCH):
        with torch.autocast(DEVICE, torch.bfloat16):
            mean, log_variance = autoencoder.encode(to_signed(batch))
        means.append(mean.half())
        deviations.append((0.5 * log_variance).exp().half())
    return {"mean": torch.cat(means).contiguous(), "deviation": torch.cat(deviations).contiguous()}


def latent_file(run: Path, number: int) -> Path:
    return run / "latents" / f"{number:010}.safetensors"


def factor_file(run: Path) -> Path:
    """Written last: where it is, all latents are there."""
    return run / "latents" / "scaling_factor.json"


def scaling_factor(run: Path) -> float:
    """What latents are multiplied by to have the unit variance that diffusion expects (LDM, section G)."""
    return json.loads(factor_file(run).read_text())


def drawn(latents: dict[str, Tensor]) -> Tensor:
    """Latents drawn from what the encoder said, unscaled."""
    mean, deviation = latents["mean"].float(), latents["deviation"].float()
    return mean + deviation * torch.randn_like(mean)


def encode_scenes(run: Path) -> None:
    """Encodes all scenes that are drawn, and measures the scaling factor over the first of them."""
    autoencoder = load_autoencoder(run)
    left = [number for number in chunk_numbers(run) if not latent_file(run, number).exists()]
    factor_file(run).parent.mkdir(exist_ok=True)
    for number, pictures in read_ahead(run, left):
        partial = latent_file(run, number).with_suffix(".partial")
        save_file(encode(autoencoder, pictures), partial)
        partial.replace(latent_file(run, number))
    first = load_file(latent_file(run, chunk_numbers(run)[0]), device=DEVICE)
    torch.manual_seed(0)
    factor_file(run).write_text(json.dumps(1 / drawn(first).std().item()))
    print(f"{len(chunk_numbers(run)) * CHUNK} scenes encoded", flush=True)


def read_ahead(run: Path, numbers: list[int]) -> Iterator[tuple[int, Tensor]]:
    """The pictures of chunks in turn; the next ones are read meanwhile."""
    with ThreadPoolExecutor(2) as readers:
        waiting = []
        for number in numbers:
            waiting.append((number, readers.submit(pictures_of, run, number)))
            if len(waiting) > 2:
                number, pictures = waiting.pop(0)
                yield number, pictures.result()
        for number, pictures in waiting:
            yield number, pictures.result()


class LatentPool:
    """All encoded scenes of a run, in the memory of the training device. numbers: theirs, in order."""

    def __init__(self, run: Path):
        numbers = [number for number in chunk_numbers(run) if latent_file(run, number).exists()]
        chunks = [load_file(latent_file(run, number), device=DEVICE) for number in numbers]
        self.latents = {key: torch.cat([chunk[key] for chunk in chunks]) for key in ("mean", "deviation")}
        self.numbers = torch.cat([torch.arange(n * CHUNK, (n + 1) * CHUNK, device=DEVICE) for n in numbers])
        self.scale = scaling_factor(run)

    def draw(self, indices: Tensor) -> Tensor:
        """Scaled latents of the scenes at these places, [B, C, h, w], drawn anew from what the encoder said."""
        indices = indices.to(DEVICE)
        chosen = {key: value[indices] for key, value in self.latents.items()}
        return (drawn(chosen) * self.scale).contiguous(memory_format=torch.channels_last)

    def places_of(self, numbers: Tensor) -> Tensor:
        """Where scenes of these numbers are."""
        return torch.searchsorted(self.numbers, numbers)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("run", type=Path, help="folder of the run")
    encode_scenes(options.parse_args().run)


if __name__ == "__main__":
    main()

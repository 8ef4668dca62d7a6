"""Trains the small decoder that previews are drawn with: python preview_decoder.py RUN [--steps N]."""

import torch
from torch.utils.data import DataLoader, Dataset

from autoencoder import peak_signal_to_noise, reconstruction_loss
from latents import LatentPool
from networks.tiny_decoder import TinyDecoder
from pictures import picture_at, to_signed
from run import DEVICE, Run, learning_rate, training_options

CONFIG = {
    "_class_name": "AutoencoderTiny",
    "in_channels": 3,
    "out_channels": 3,
    "latent_channels": 4,
    "decoder_block_out_channels": [32, 32, 32, 32],
    "num_decoder_blocks": [2, 2, 1, 1],
    "act_fn": "relu",
    "upsampling_scaling_factor": 2,
    "latent_magnitude": 3,
    "latent_shift": 0.5,
    "scaling_factor": 1.0,
}
BATCH = 32
STEPS = 1_400
PEAK_RATE = 2e-3


class IndexedPictures(Dataset):
    """Batches of indices of a pool, and the pictures of these indices."""

    def __init__(self, scenes: int, first: int, count: int):
        self.scenes, self.first, self.count = scenes, first, count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, batch: int) -> tuple[torch.Tensor, torch.Tensor]:
        chance = torch.Generator().manual_seed(self.first + batch)
        indices = torch.randint(self.scenes, (BATCH,), generator=chance)
        return indices, torch.stack([picture_at(int(index)) for index in indices])


def main() -> None:
    chosen = training_options(__doc__, STEPS)

    torch.manual_seed(0)
    decoder = TinyDecoder(CONFIG).to(DEVICE, memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(decoder.parameters(), PEAK_RATE, betas=(0.9, 0.99), fused=True)
    run = Run(chosen.run, "preview_decoder", {"network": decoder, "optimizer": optimizer}, chosen.steps)
    pool = LatentPool(chosen.run)
    data = IndexedPictures(len(pool), run.step, run.steps - run.step)
    batches = iter(DataLoader(data, None, num_workers=1, prefetch_factor=4))

    def take_step(step: int) -> dict[str, float]:
        optimizer.param_groups[0]["lr"] = learning_rate(step, run.steps, PEAK_RATE, warmup=100)
        indices, pictures = next(batches)
        pictures = to_signed(pictures.to(DEVICE))
        with torch.autocast(DEVICE, torch.bfloat16):
            made = decoder(pool.draw(indices).to(DEVICE, memory_format=torch.channels_last))
        made = made.float()
        loss = reconstruction_loss(made, pictures)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return {"loss": loss.item(), "decibels": peak_signal_to_noise(made.detach(), pictures)}

    for _ in run.train(take_step):
        pass


if __name__ == "__main__":
    main()

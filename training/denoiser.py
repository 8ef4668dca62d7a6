"""Trains text encoder and U-Net together on the predicted noise: python denoiser.py RUN [--steps N]."""

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from diffusion import add_noise, draw_timesteps, loss_weights
from latents import LatentPool
from muon import Muon, split
from networks.unet import UNet2DConditionModel
from pictures import caption_at, scene_at
from run import DEVICE, Average, Run, learning_rate, training_options
from scenes.composition import Scene
from scenes.neighbours import with_other_words
from text_encoder import OUTER as TEXT_OUTER
from text_encoder import WIDTH, new_text_encoder, tokens_of
from tokenizer import load_tokenizer

CONFIG = {
    "_class_name": "UNet2DConditionModel",
    "sample_size": 16,
    "in_channels": 4,
    "out_channels": 4,
    "block_out_channels": [96, 192, 256],
    "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
    "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
    "mid_block_type": "UNetMidBlock2DCrossAttn",
    "cross_attention_dim": WIDTH,
    "attention_head_dim": 4,
    "use_linear_projection": True,
    "layers_per_block": 1,
    "norm_num_groups": 32,
    "norm_eps": 1e-05,
    "act_fn": "silu",
    "center_input_sample": False,
    "flip_sin_to_cos": True,
    "freq_shift": 0,
    "downsample_padding": 1,
    "mid_block_scale_factor": 1,
}
# First and last layers, and what turns the timestep into an embedding, learn by AdamW.
OUTER = ("conv_in", "conv_out", "time_embedding")
BATCH = 128
STEPS = 6_400
PEAK_RATE = 2e-3
TEXT_RATE = 0.25  # of the U-Net's: the words were taught before
EMPTY_CAPTIONS = 0.1
# Counts and places are learnt last: this share of scenes is drawn from those with more than one thing alone.
COMPOSED = 0.4
# This share of captions has a word that no other caption has.
OTHER_WORDS = 0.2
# Every tenth batch has the 77 tokens of use; the others are as long as their longest caption, a third faster.
FULL_LENGTH = 0.1
DECAY = 0.999


def new_unet() -> UNet2DConditionModel:
    """An untrained U-Net on the training device."""
    return UNet2DConditionModel(CONFIG).to(DEVICE, memory_format=torch.channels_last)


class Captions(Dataset):
    """What batches of the pool say: indices, and a caption each, in words of their own at every pass."""

    def __init__(self, scenes: int, first: int, count: int):
        self.first, self.count = first, count
        self.kinds = [[group.kind for group in scene_at(i)[0].groups] for i in range(scenes)]
        self.composed = torch.tensor([i for i in range(scenes) if is_composed(scene_at(i)[0])])

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, batch: int) -> tuple[Tensor, list[str]]:
        number = self.first + batch
        chance = torch.Generator().manual_seed(number)
        anywhere = torch.randint(len(self.kinds), (BATCH,), generator=chance)
        composed = self.composed[torch.randint(len(self.composed), (BATCH,), generator=chance)]
        indices = torch.where(torch.rand(BATCH, generator=chance) < COMPOSED, composed, anywhere)
        return indices, [self.words(index, number) for index in indices.tolist()]

    def words(self, index: int, variant: int) -> str:
        """A caption of a scene; sometimes none, sometimes one with a word that stands in for another."""
        rng = np.random.default_rng((index, variant, 1))
        if rng.random() < EMPTY_CAPTIONS:
            return ""
        text = caption_at(index, variant)
        return with_other_words(text, self.kinds[index], rng) if rng.random() < OTHER_WORDS else text


def is_composed(scene: Scene) -> bool:
    return sum(group.count for group in scene.groups) > 1


def main() -> None:
    chosen = training_options(__doc__, STEPS)

    torch.manual_seed(0)
    tokenizer = load_tokenizer(chosen.run)
    encoder, unet = new_text_encoder(tokenizer), new_unet()
    encoder.load_state_dict(torch.load(chosen.run / "text_encoder.pt", weights_only=True)["network"])
    muon_unet, adam_unet = split(unet, OUTER)
    muon_text, adam_text = split(encoder, TEXT_OUTER)
    muon = Muon([{"params": muon_unet}, {"params": muon_text}], PEAK_RATE, weight_decay=0.01)
    adam = torch.optim.AdamW(
        [{"params": adam_unet}, {"params": adam_text}], PEAK_RATE, betas=(0.9, 0.99), weight_decay=0.0
    )
    averages = {"unet_average": Average(unet, DECAY), "text_average": Average(encoder, DECAY)}
    parts = {"unet": unet, "text_encoder": encoder, "muon": muon, "adam": adam, **averages}
    run = Run(chosen.run, "denoiser", parts, chosen.steps)
    pool = LatentPool(chosen.run)
    batches = iter(
        DataLoader(Captions(len(pool), run.step, run.steps - run.step), None, num_workers=1, prefetch_factor=8)
    )

    def take_step(step: int) -> dict[str, float]:
        rate = learning_rate(step, run.steps, PEAK_RATE, warmup=300)
        for optimizer in (muon, adam):
            for group, share in zip(optimizer.param_groups, (1.0, TEXT_RATE)):
                group["lr"] = rate * share
        indices, captions = next(batches)
        padding = "max_length" if torch.rand(()) < FULL_LENGTH else "longest"
        tokens = tokens_of(tokenizer, captions, padding).to(DEVICE)
        clean = pool.draw(indices).to(DEVICE, memory_format=torch.channels_last)
        noise = torch.randn_like(clean)
        timesteps = draw_timesteps(BATCH).to(DEVICE)
        with torch.autocast(DEVICE, torch.bfloat16):
            words = encoder(input_ids=tokens).last_hidden_state
            predicted = unet(add_noise(clean, noise, timesteps), timesteps, words)
        errors = (predicted.float() - noise).square().mean(dim=(1, 2, 3))
        loss = (loss_weights(timesteps) * errors).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*unet.parameters(), *encoder.parameters()], 1.0)
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad()
        averages["unet_average"].update(unet)
        averages["text_average"].update(encoder)
        return {"loss": loss.item(), "unweighted": errors.mean().item()}

    for _ in run.train(take_step):
        pass


if __name__ == "__main__":
    main()

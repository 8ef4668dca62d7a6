"""Trains text encoder and U-Net together on the predicted noise: python denoiser.py RUN [--steps N | --seconds N]."""

from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from transformers import CLIPTokenizer

from diffusion import add_noise, draw_timesteps, loss_weights
from exported import load_weights
from latents import LatentPool, factor_file
from muon import Muon, split
from networks.unet import UNet2DConditionModel
from pictures import caption_at
from run import DEVICE, LOADING, ON_GPU, Average, Plan, Run, is_finished, trained_weights, training_options, wait_until
from scene_pool import facts_of, scene_numbers
from scenes.neighbours import with_other_words
from text_encoder import OUTER as TEXT_OUTER
from text_encoder import WIDTH, new_text_encoder, tokens_of
from tokenizer import MAX_TOKENS, load_tokenizer

CONFIG = {
    "_class_name": "UNet2DConditionModel",
    "sample_size": 32,
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
BATCH = 512 if ON_GPU else 32
STEPS = 6_400
PEAK_RATE = 1.6e-3
TEXT_RATE = 0.25  # of the U-Net's: the words were taught before
EMPTY_CAPTIONS = 0.1
# Counts and places are learnt last: this share of scenes is drawn from those with more than one thing alone.
COMPOSED = 0.4
# This share of captions has a word that no other caption has.
OTHER_WORDS = 0.2
# On a processor every tenth batch has the 77 tokens of use; the others are as long as their longest caption, a third
# faster. On a GPU all have 77, so that the network is compiled for one shape.
FULL_LENGTH = 1.0 if ON_GPU else 0.1
DECAY = 0.998


def new_unet() -> UNet2DConditionModel:
    """An untrained U-Net on the training device."""
    return UNet2DConditionModel(CONFIG).to(DEVICE, memory_format=torch.channels_last)


def compile_ahead() -> None:
    """Compiles one step of training, on noise. What it compiles is kept on disk, where other processes find it."""
    unet, side = new_unet(), CONFIG["sample_size"]
    unet.compile(dynamic=False)
    x = torch.randn(BATCH, CONFIG["in_channels"], side, side, device=DEVICE)
    words = torch.randn(BATCH, MAX_TOKENS, WIDTH, device=DEVICE).requires_grad_() * 1
    timesteps = torch.zeros(BATCH, dtype=torch.int64, device=DEVICE)
    with torch.autocast(DEVICE, torch.bfloat16):
        predicted = unet(x.contiguous(memory_format=torch.channels_last), timesteps, words)
    predicted.float().square().mean().backward()
    print("denoiser: compiled", flush=True)


class Compiling:
    """Compiles on a GPU in a process of its own, for a minute or more, so that a training begins uncompiled meanwhile
    and stays so where compiling fails."""

    def __init__(self):
        torch._dynamo.config.suppress_errors = True
        self.process = get_context("spawn").Process(target=compile_ahead, daemon=True) if ON_GPU else None
        if self.process:
            self.process.start()

    def apply(self, unet: UNet2DConditionModel) -> None:
        """Has the network compiled, once that is a matter of seconds."""
        if self.process and self.process.exitcode is not None:
            if self.process.exitcode == 0:
                unet.compile(dynamic=False)
            self.process = None


class Captions(Dataset):
    """Batches of the latent pool: places in it, and a caption each as tokens, in words of their own at every pass."""

    def __init__(self, run: Path, tokenizer: CLIPTokenizer, first: int):
        self.tokenizer, self.first = tokenizer, first
        self.numbers, facts = scene_numbers(run), facts_of(run)
        self.kinds = [fact["kinds"] for fact in facts]
        self.composed = torch.tensor([place for place, fact in enumerate(facts) if fact["composed"]])

    def __len__(self) -> int:
        return 1 << 40

    def __getitem__(self, batch: int) -> tuple[Tensor, Tensor]:
        number = self.first + batch
        chance = torch.Generator().manual_seed(number)
        anywhere = torch.randint(len(self.numbers), (BATCH,), generator=chance)
        composed = self.composed[torch.randint(len(self.composed), (BATCH,), generator=chance)]
        places = torch.where(torch.rand(BATCH, generator=chance) < COMPOSED, composed, anywhere)
        padding = "max_length" if torch.rand((), generator=chance) < FULL_LENGTH else "longest"
        return places, tokens_of(self.tokenizer, [self.words(place, number) for place in places.tolist()], padding)

    def words(self, place: int, variant: int) -> str:
        """A caption of a scene; sometimes none, sometimes one with a word that stands in for another."""
        rng = np.random.default_rng((self.numbers[place], variant, 1))
        if rng.random() < EMPTY_CAPTIONS:
            return ""
        text = caption_at(self.numbers[place], variant)
        return with_other_words(text, self.kinds[place], rng) if rng.random() < OTHER_WORDS else text


def train(folder: Path, plan: Plan, unet: UNet2DConditionModel | None = None) -> None:
    """unet: the network to train, where the caller goes on with it."""
    torch.manual_seed(0)
    compiling = Compiling()
    tokenizer, unet = load_tokenizer(folder), unet or new_unet()
    encoder = new_text_encoder(tokenizer)

    def losses_of(clean: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """The weighted and the unweighted error of the noise."""
        noise = torch.randn_like(clean)
        timesteps = draw_timesteps(len(clean)).to(DEVICE)
        with torch.autocast(DEVICE, torch.bfloat16):
            words = encoder(input_ids=tokens).last_hidden_state
            predicted = unet(add_noise(clean, noise, timesteps), timesteps, words)
        errors = (predicted.float() - noise).square().mean(dim=(1, 2, 3))
        return (loss_weights(timesteps) * errors).mean(), errors.mean()

    wait_until(lambda: factor_file(folder).exists() and is_finished(folder, "text_encoder"))
    encoder.load_state_dict(trained_weights(folder, "text_encoder", "network"))
    if plan.base:
        unet.load_state_dict(load_weights(plan.base / "unet"))
    muon_unet, adam_unet = split(unet, OUTER)
    muon_text, adam_text = split(encoder, TEXT_OUTER)
    muon = Muon([{"params": muon_unet}, {"params": muon_text}], PEAK_RATE, weight_decay=0.01)
    adam = torch.optim.AdamW(
        [{"params": adam_unet}, {"params": adam_text}], PEAK_RATE, betas=(0.9, 0.99), weight_decay=0.0
    )
    averages = {"unet_average": Average(unet, DECAY), "text_average": Average(encoder, DECAY)}
    parts = {"unet": unet, "text_encoder": encoder, "muon": muon, "adam": adam, **averages}
    run = Run(folder, "denoiser", parts, plan)
    pool = LatentPool(folder)
    batches = iter(DataLoader(Captions(folder, tokenizer, run.step), None, prefetch_factor=8, **LOADING))

    def take_step(step: int) -> dict[str, Tensor]:
        compiling.apply(unet)
        rate = run.rate(PEAK_RATE, warmup=100)
        for optimizer in (muon, adam):
            for group, share in zip(optimizer.param_groups, (1.0, TEXT_RATE)):
                group["lr"] = rate * share
        places, tokens = next(batches)
        loss, unweighted = losses_of(pool.draw(places), tokens.to(DEVICE))
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*unet.parameters(), *encoder.parameters()], 1.0)
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad()
        averages["unet_average"].update(unet)
        averages["text_average"].update(encoder)
        return {"loss": loss.detach(), "unweighted": unweighted.detach()}

    run.train(take_step)


def main() -> None:
    train(*training_options(__doc__, STEPS))


if __name__ == "__main__":
    main()

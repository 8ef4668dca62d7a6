"""Teaches the U-Net to make in four steps what it makes in twenty.

python distillation.py RUN [--steps N | --seconds N]

The guidance is folded in (Meng et al. 2023), and one step of the student lands where five of the teacher's do (as in
Salimans and Ho 2022, who halve the steps again and again). First the teacher paints: RUN/trajectories.safetensors has
its latents at the timesteps that the student will be asked at. Then the student learns to go from each to the next.
"""

import re
import time
from functools import partial
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from transformers import CLIPTextModel, CLIPTokenizer

from denoiser import BATCH, CONFIG, EMPTY_CAPTIONS, OTHER_WORDS, OUTER, new_unet
from diffusion import guided, sampled, sampling_timesteps, step_towards
from muon import Muon, split
from networks.unet import UNet2DConditionModel
from pictures import caption_at, scene_at
from run import DEVICE, LOADING, Plan, Run, trained_weights, training_options
from scenes.neighbours import with_other_words
from text_encoder import new_text_encoder, tokens_of
from tokenizer import load_tokenizer

GUIDANCE = 4.0
TEACHER_STEPS, STUDENT_STEPS = 20, 4
# Batches that the teacher paints, unless a time is set; then it has this share of it.
PAINTED, PAINTING_SHARE = 16, 0.45
STEPS = 500
PEAK_RATE = 8e-4
# The largest convolutions stay the teacher's, so that the student needs little room beside it.
STAYS = re.compile(r"(mid_block|up_blocks\.0)\.resnets\.\d\.conv\d\.weight")
# Captions that neither the denoiser nor the scores have seen.
FIRST_CAPTION = 1 << 36


class FreshCaptions(Dataset):
    """Batches of captions as tokens, some of them empty, some with words that stand in for others."""

    def __init__(self, tokenizer: CLIPTokenizer):
        self.tokenizer = tokenizer

    def __len__(self) -> int:
        return 1 << 20

    def __getitem__(self, batch: int) -> Tensor:
        return tokens_of(
            self.tokenizer, [self.words(FIRST_CAPTION + batch * BATCH + i) for i in range(BATCH)], "max_length"
        )

    def words(self, index: int) -> str:
        rng = np.random.default_rng((index, 1))
        if rng.random() < EMPTY_CAPTIONS:
            return ""
        kinds = [group.kind for group in scene_at(index)[0].groups]
        text = caption_at(index)
        return with_other_words(text, kinds, rng) if rng.random() < OTHER_WORDS else text


def trajectory_file(run: Path) -> Path:
    return run / "trajectories.safetensors"


def paint(folder: Path, unet: UNet2DConditionModel, until: float | None) -> None:
    """The teacher paints captions of its own, by batches, and what the student has to know of it is kept."""
    unet.load_state_dict(trained_weights(folder, "denoiser", "unet_average"))
    tokenizer = load_tokenizer(folder)
    encoder = new_text_encoder(tokenizer).requires_grad_(False)
    encoder.load_state_dict(trained_weights(folder, "denoiser", "text_average"))
    side, every = CONFIG["sample_size"], TEACHER_STEPS // STUDENT_STEPS
    nothing = words_of(encoder, tokens_of(tokenizer, [""] * BATCH, "max_length"))
    paths, spoken = [], []
    for tokens in DataLoader(FreshCaptions(tokenizer), None, **LOADING):
        if paths and (len(paths) == PAINTED if until is None else time.time() > until):
            break
        words = words_of(encoder, tokens)
        noise = torch.randn(BATCH, CONFIG["in_channels"], side, side, device=DEVICE)
        noise = noise.contiguous(memory_format=torch.channels_last)
        predict = partial(guided_noise, unet, words, nothing)
        paths.append(torch.stack([noise, *list(sampled(predict, noise, TEACHER_STEPS))[every - 1 :: every]], 1).half())
        spoken.append(words.half())
    file = trajectory_file(folder)
    save_file({"latents": torch.cat(paths), "words": torch.cat(spoken)}, file.with_suffix(".partial"))
    file.with_suffix(".partial").replace(file)
    print(f"distillation: {len(paths) * BATCH} pictures painted", flush=True)


@torch.no_grad()
def words_of(encoder: CLIPTextModel, tokens: Tensor) -> Tensor:
    with torch.autocast(DEVICE, torch.bfloat16):
        return encoder(input_ids=tokens.to(DEVICE)).last_hidden_state


def noise_in(unet: UNet2DConditionModel, x: Tensor, timesteps: Tensor, words: Tensor) -> Tensor:
    """What the U-Net predicts. As in the denoiser's training words have a gradient, though nobody asks for it: a
    compiled network would be compiled anew for words without one."""
    words = words.float().requires_grad_() * 1
    with torch.autocast(DEVICE, torch.bfloat16):
        return unet(x, timesteps, words).float()


def guided_noise(unet: UNet2DConditionModel, words: Tensor, nothing: Tensor, x: Tensor, timesteps: Tensor) -> Tensor:
    with torch.enable_grad():
        said, unsaid = (noise_in(unet, x, timesteps, spoken).detach() for spoken in (words, nothing))
    return guided(said, unsaid, GUIDANCE)


def train(folder: Path, plan: Plan, unet: UNet2DConditionModel | None = None) -> None:
    """unet: the network to train, where the caller has one already."""
    torch.manual_seed(0)
    unet, began = unet or new_unet(), time.time()
    if not trajectory_file(folder).exists():
        end = plan.until or (began + plan.seconds if plan.seconds else None)
        paint(folder, unet, end and began + PAINTING_SHARE * (end - began))
    unet.load_state_dict(trained_weights(folder, "denoiser", "unet_average"))
    staying = {id(parameter) for name, parameter in unet.named_parameters() if STAYS.fullmatch(name)}
    inner, outer = split(unet, OUTER)
    muon = Muon([parameter for parameter in inner if id(parameter) not in staying], PEAK_RATE)
    adam = torch.optim.AdamW(outer, PEAK_RATE, betas=(0.9, 0.99), weight_decay=0.0)
    run = Run(folder, "distillation", {"network": unet, "muon": muon, "adam": adam}, plan)
    painted = load_file(trajectory_file(folder), device=DEVICE)
    latents, words = painted["latents"], painted["words"]
    timesteps = sampling_timesteps(STUDENT_STEPS).to(DEVICE)

    def take_step(step: int) -> dict[str, Tensor]:
        for optimizer in (muon, adam):
            optimizer.param_groups[0]["lr"] = run.rate(PEAK_RATE, warmup=30)
        which = torch.randint(len(latents), (BATCH,), device=DEVICE)
        stage = torch.randint(STUDENT_STEPS, (BATCH,), device=DEVICE)
        x, landed = latents[which, stage].float(), latents[which, stage + 1].float()
        x = x.contiguous(memory_format=torch.channels_last)
        now, after = timesteps[stage], timesteps[stage + 1]
        made = step_towards(x, noise_in(unet, x, now, words[which]), now, after)
        errors = (made - landed).square().mean(dim=(1, 2, 3))
        errors.mean().backward()
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        for optimizer in (muon, adam):
            optimizer.step()
        unet.zero_grad()
        of_stages = {f"landing {i}": (errors * (stage == i)).sum() / (stage == i).sum().clamp(min=1) for i in range(4)}
        return {"loss": errors.mean().detach(), **{name: error.detach() for name, error in of_stages.items()}}

    run.train(take_step)


def main() -> None:
    train(*training_options(__doc__, STEPS))


if __name__ == "__main__":
    main()

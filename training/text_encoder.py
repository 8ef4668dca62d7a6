"""Teaches the text encoder what captions say, before there are pictures.

python text_encoder.py RUN [--steps N | --seconds N]

It guesses from a caption what the scene was: kinds, colours, sizes, count, relation, background, style. That takes
minutes, and the denoiser starts with words that mean something.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from exported import start_text_from
from muon import Muon, split
from pictures import scene_at
from run import DEVICE, LOADING, Plan, Run, training_options
from scenes.captions import caption
from scenes.composition import Scene
from tokenizer import MAX_TOKENS, load_tokenizer

WIDTH, LAYERS, HEADS = 256, 3, 4
BATCH = 128
STEPS = 700
PEAK_RATE = 2e-3
# The embeddings learn by AdamW.
OUTER = ("embeddings",)


def new_text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """An untrained text encoder for the tokenizer's vocabulary, on the training device."""
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=4 * WIDTH,
        projection_dim=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        max_position_embeddings=MAX_TOKENS,
        hidden_act="quick_gelu",
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return CLIPTextModel(config).to(DEVICE)


def tokens_of(tokenizer: CLIPTokenizer, captions: list[str], padding: str = "longest") -> Tensor:
    """Token ids [B, N], padded with the end of text: to the longest caption, or to 77 with 'max_length'."""
    return tokenizer(captions, padding=padding, truncation=True, max_length=MAX_TOKENS, return_tensors="pt").input_ids


def attributes(scene: Scene) -> dict[str, str]:
    """What there is to guess of a scene, by question."""
    answers = {"background": scene.background, "style": scene.style, "relation": str(scene.relation)}
    for place in range(2):
        group = scene.groups[place] if place < len(scene.groups) else None
        for question in ("kind", "colour", "size", "count"):
            answers[f"{question} {place}"] = str(getattr(group, question)) if group else "none"
    return answers


class Questions(nn.Module):
    """One linear guess a question from the state at the end of the text, where causal attention has seen all words."""

    def __init__(self, samples: int = 20_000):
        super().__init__()
        seen = [attributes(scene_at(index)[0]) for index in range(samples)]
        self.answers = {question: sorted({answer[question] for answer in seen}) for question in seen[0]}
        self.heads = nn.ModuleList([nn.Linear(WIDTH, len(answers)) for answers in self.answers.values()])

    def targets(self, scene: Scene) -> list[int]:
        """The number of the right answer to each question."""
        right = attributes(scene)
        return [answers.index(right[question]) for question, answers in self.answers.items()]

    def forward(self, state: Tensor) -> list[Tensor]:
        return [head(state) for head in self.heads]


class CaptionsWithAnswers(Dataset):
    """Captions of all scenes from `first` on, and what is right of each."""

    def __init__(self, first: int, questions: Questions):
        self.first, self.questions = first, questions

    def __len__(self) -> int:
        return 1 << 40

    def __getitem__(self, index: int) -> tuple[str, Tensor]:
        scene, _ = scene_at(self.first + index)
        words = caption(scene, np.random.default_rng((self.first + index, 0)))
        return words, torch.tensor(self.questions.targets(scene))


def train(folder: Path, plan: Plan) -> None:
    torch.manual_seed(0)
    tokenizer = load_tokenizer(folder)
    encoder, questions = new_text_encoder(tokenizer), Questions().to(DEVICE)
    if plan.base:
        start_text_from(encoder, tokenizer, plan.base)
    inner, outer = split(encoder, OUTER)
    muon = Muon(inner, PEAK_RATE)
    adam = torch.optim.AdamW([*outer, *questions.parameters()], PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.0)
    parts = {"network": encoder, "questions": questions, "muon": muon, "adam": adam}
    run = Run(folder, "text_encoder", parts, plan)
    data = CaptionsWithAnswers(run.step * BATCH, questions)
    batches = iter(DataLoader(data, BATCH, prefetch_factor=8, **LOADING))

    def take_step(step: int) -> dict[str, Tensor]:
        for optimizer in (muon, adam):
            optimizer.param_groups[0]["lr"] = run.rate(PEAK_RATE, warmup=100)
        captions, targets = next(batches)
        tokens = tokens_of(tokenizer, captions).to(DEVICE)
        with torch.autocast(DEVICE, torch.bfloat16):
            guesses = questions(encoder(input_ids=tokens).pooler_output)
        targets = targets.to(DEVICE).T
        losses = torch.stack([F.cross_entropy(guess.float(), target) for guess, target in zip(guesses, targets)])
        losses.mean().backward()
        right = {
            question: (guess.argmax(-1) == target).float().mean()
            for question, guess, target in zip(questions.answers, guesses, targets)
        }
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad()
        return {"loss": losses.mean().detach(), **right}

    run.train(take_step)


def main() -> None:
    train(*training_options(__doc__, STEPS))


if __name__ == "__main__":
    main()

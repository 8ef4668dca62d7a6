"""Scores the model by program on prompts it never saw: python evaluate.py RUN [--prompts N] [--sheet FILE].

Asks of each picture only what its caption says: kinds, colour of the thing, background, count, relation. The same
questions are asked of drawn scenes, which shows how far the scorer itself can be trusted.
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from autoencoder import held_out_decibels
from denoiser import CONFIG, new_unet
from diffusion import guided, sample
from latents import load_autoencoder, scaling_factor
from pictures import HELD_OUT, caption_at, picture_at, scene_at
from run import DEVICE
from scenes.backgrounds import DRAWN
from scenes.composition import Scene, pick, single
from scenes.neighbours import NEIGHBOURS, kind_before
from scenes.palette import COLOURS, SYNONYMS
from scorer import CELLS, Reading, load_scorer, read
from text_encoder import new_text_encoder, tokens_of
from tokenizer import load_tokenizer

PROMPTS = 500
SAMPLING_STEPS = 20
GUIDANCE = 4.0
BATCH = 50
SHEET_SIDE = 6
# How far the middles of two things must lie apart to stand in a relation, in cells: a sixteenth of the picture.
APART = CELLS // 16

# How many pictures each list of unusual words is asked for.
WORDS = 100
NEVER_SEEN = """
accordion anchor backpack beaver binoculars bishop chandelier compass dentist envelope faucet gazelle gorilla harp
iguana jaguar laptop mammoth magnet needle otter paintbrush pelican quilt raccoon saxophone stapler suitcase swing
telescope toaster trumpet tuba waffle wardrobe xylophone zither ladder saxhorn typewriter
"""
WORD_LISTS = {
    "words for neighbours": {words[0]: kind for kind, words in NEIGHBOURS.items()},
    "words never seen": {word: kind_before(word) for word in NEVER_SEEN.split()},
}

Question = Callable[[Scene, Reading], bool]


def load_painter(run: Path) -> Callable[[list[str], int], Tensor]:
    """The trained model: prompts and a seed to pictures, bytes [B, 3, 128, 128]."""
    saved = torch.load(run / "denoiser.pt", map_location=DEVICE, weights_only=True)
    tokenizer, autoencoder, scale = load_tokenizer(run), load_autoencoder(run), scaling_factor(run)
    encoder, unet = new_text_encoder(tokenizer).eval(), new_unet().eval()
    encoder.load_state_dict(saved["text_average"]["weights"])
    unet.load_state_dict(saved["unet_average"]["weights"])

    @torch.no_grad()
    def paint(prompts: list[str], seed: int) -> Tensor:
        tokens = tokens_of(tokenizer, ["", *prompts], "max_length").to(DEVICE)
        with torch.autocast(DEVICE, torch.bfloat16):
            empty, *said = encoder(input_ids=tokens).last_hidden_state
            words = torch.stack([*said, *[empty] * len(prompts)])

            def predict(x: Tensor, timesteps: Tensor) -> Tensor:
                both = unet(torch.cat([x, x]), torch.cat([timesteps, timesteps]), words).float()
                return guided(*both.chunk(2), GUIDANCE)

            generator = torch.Generator().manual_seed(seed)
            side = CONFIG["sample_size"]
            noise = torch.randn(len(prompts), CONFIG["in_channels"], side, side, generator=generator)
            latents = sample(predict, noise.to(DEVICE), SAMPLING_STEPS)
            pictures = autoencoder.decode(latents / scale).float()
        return ((pictures.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).cpu()

    return paint


def says(text: str, *phrases: str) -> bool:
    """Whether one of the phrases is in the text, as whole words."""
    return any(re.search(rf"\b{re.escape(phrase)}\b", text) for phrase in phrases)


def says_background(text: str, name: str) -> bool:
    if name in COLOURS:
        return says(text, *(f"{word} background" for word in (name, *SYNONYMS[name])))
    # A phrase of one word may be part of a colour or a thing: "snow white", "space rocket".
    return says(text, *(phrase for phrase in DRAWN[name].phrases if " " in phrase))


def background_right(scene: Scene, reading: Reading) -> bool:
    """A plain colour is read from the pixels; of a place the scorer says which it is."""
    seen = reading.ground_colour if scene.background in COLOURS else reading.background
    return seen == scene.background


def relation_right(scene: Scene, reading: Reading) -> bool:
    """Whether the two kinds lie as the relation says: their middles APART cells apart, or the two touching."""
    first, second = (reading.centre(group.kind) for group in scene.groups)
    if first is None or second is None:
        return False
    x, y = first[0] - second[0], first[1] - second[1]
    touch = reading.touch(*(group.kind for group in scene.groups))
    return {
        "left of": x < -APART,
        "right of": x > APART,
        "above": y < -APART,
        "below": y > APART,
        "and": True,
        "chasing": abs(x) > APART and abs(y) < abs(x),
        "on": y < -APART and touch,
        "in front of": y > 0 and touch,
        "riding": y < 0 and touch,
        "in": touch,
        "holding": touch,
        "wearing": y > APART and touch,
        "inside": reading.surrounds(scene.groups[1].kind, scene.groups[0].kind),
    }[scene.relation]


def questions_of(scene: Scene, text: str) -> dict[str, Question]:
    """What can be asked of a picture of this caption."""
    group = scene.groups[0]
    asked: dict[str, Question] = {"kinds": lambda s, r: {g.kind for g in s.groups} <= set(r.kinds()[: len(s.groups)])}
    if (
        len(scene.groups) == 1
        and scene.background != group.colour
        and says(text, group.colour, *SYNONYMS[group.colour])
    ):
        asked["colour of the thing"] = lambda s, r: r.thing_colour == s.groups[0].colour
    if says_background(text, scene.background):
        asked["background"] = background_right
    if len(scene.groups) == 1:
        name = "count of one" if group.count == 1 else "count of two to four"
        asked[name] = lambda s, r: r.count(s.groups[0].kind) == s.groups[0].count
    if scene.relation not in (None, "and"):
        asked["relation"] = relation_right
    return asked


def scores(scenes: list[Scene], texts: list[str], readings: list[Reading]) -> dict[str, tuple[float, int]]:
    """By question: the share of pictures that answer it rightly, and how many were asked."""
    answers: dict[str, list[bool]] = defaultdict(list)
    for scene, text, reading in zip(scenes, texts, readings):
        for question, right in questions_of(scene, text).items():
            answers[question].append(right(scene, reading))
    return {question: (float(np.mean(right)), len(right)) for question, right in answers.items()}


def scenes_about(kinds: dict[str, str]) -> tuple[list[Scene], list[str]]:
    """WORDS scenes of one thing, and captions that call it by these words in turn. kinds: by word, the thing to see."""
    rng, scenes, texts = np.random.default_rng(HELD_OUT), [], []
    for word in list(kinds) * -(-WORDS // len(kinds)):
        background = pick(rng, list(DRAWN) + list(COLOURS))
        group = replace(single(rng, background), kind=kinds[word])
        scenes.append(Scene(background, "flat", (group,)))
        where = f"on a {background} background" if background in COLOURS else DRAWN[background].phrases[0]
        texts.append(f"a {group.colour} {word} {where}")
    return scenes[:WORDS], texts[:WORDS]


def word_scores(scenes: list[Scene], readings: list[Reading]) -> dict[str, tuple[float, int]]:
    """How many pictures of unusual words show one clear thing, the thing to see, its colour, and the background."""
    right = {
        "one clear thing": [reading.shows_one_thing() for reading in readings],
        "that thing": [scene.groups[0].kind in reading.kinds()[:1] for scene, reading in zip(scenes, readings)],
        "its colour": [scene.groups[0].colour == reading.thing_colour for scene, reading in zip(scenes, readings)],
        "its background": [background_right(scene, reading) for scene, reading in zip(scenes, readings)],
    }
    return {question: (float(np.mean(answers)), len(answers)) for question, answers in right.items()}


def write_sheet(file: Path, paint: Callable[[list[str], int], Tensor]) -> None:
    """Six by six pictures of the first held-out captions, in their order."""
    texts = [caption_at(HELD_OUT + i) for i in range(SHEET_SIDE**2)]
    pictures = paint(texts, seed=0).permute(0, 2, 3, 1).numpy()
    rows = [np.concatenate(pictures[i : i + SHEET_SIDE], axis=1) for i in range(0, len(pictures), SHEET_SIDE)]
    Image.fromarray(np.concatenate(rows)).save(file)
    file.with_suffix(".txt").write_text("\n".join(texts) + "\n")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("run", type=Path, help="folder of the run")
    options.add_argument("--prompts", type=int, default=PROMPTS)
    options.add_argument(
        "--sheet", type=Path, help="also writes a sheet of 6 x 6 pictures, with its captions beside it"
    )
    chosen = options.parse_args()
    paint, scorer = load_painter(chosen.run), load_scorer(chosen.run)

    def readings_of(texts: list[str]) -> list[Reading]:
        readings: list[Reading] = []
        for first in range(0, len(texts), BATCH):
            readings += read(scorer, paint(texts[first : first + BATCH], seed=first))
            print(f"{len(readings)}/{len(texts)}", flush=True)
        return readings

    indices = [HELD_OUT + i for i in range(chosen.prompts)]
    scenes, texts = [scene_at(i)[0] for i in indices], [caption_at(i) for i in indices]
    drawn = [reading for i in indices for reading in read(scorer, picture_at(i)[None])]
    of_drawings, of_model = scores(scenes, texts, drawn), scores(scenes, texts, readings_of(texts))
    for question, (share, asked) in sorted(of_model.items()):
        print(f"{question:22} {share:6.1%} of {asked:3}   (drawn scenes: {of_drawings[question][0]:.1%})")
    of_words = {}
    for name, kinds in WORD_LISTS.items():
        scenes, texts = scenes_about(kinds)
        of_words[name] = word_scores(scenes, readings_of(texts))
        for question, (share, asked) in of_words[name].items():
            print(f"{name}: {question:16} {share:6.1%} of {asked:3}")
    decibels = held_out_decibels(load_autoencoder(chosen.run), 512)
    print(f"{'autoencoder':22} {decibels:.2f} dB")
    report = {"model": of_model, "drawn scenes": of_drawings, **of_words, "autoencoder decibels": decibels}
    (chosen.run / "scores.json").write_text(json.dumps(report, indent=2) + "\n")
    if chosen.sheet:
        write_sheet(chosen.sheet, paint)


if __name__ == "__main__":
    main()

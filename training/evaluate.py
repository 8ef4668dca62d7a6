"""Scores a model by program on prompts it never saw: python evaluate.py RUN MODEL [--prompts N] [--sheet FILE].

Asks of each picture only what its caption says: kinds, colour of the thing, background, count, relation. The same
questions are asked of drawn scenes, which shows how far the scorer, which is the run's, can itself be trusted.
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path

import numpy as np
from PIL import Image

from autoencoder import decibels_of
from exported import load_vae
from painter import Painter, load_painter
from pictures import HELD_OUT, caption_at, picture_batches, scene_at
from run import ON_GPU
from scene_pool import CELLS, UNSEEN, pictures_of
from scenes.backgrounds import DRAWN
from scenes.composition import Scene, pick, single
from scenes.neighbours import NEIGHBOURS, kind_before
from scenes.palette import COLOURS, SYNONYMS
from scorer import Reading, Scorer, load_scorer, read

PROMPTS = 500
BATCH = 250 if ON_GPU else 25
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


def asked_of(names: set[str] | None) -> Iterator[int]:
    """The held-out scenes, in order; where names are given, those with no other kind, background or relation."""
    for index in count(HELD_OUT):
        scene, _ = scene_at(index)
        said = {scene.background, scene.relation or "and", *(group.kind for group in scene.groups)}
        if names is None or said <= names:
            yield index


def write_sheet(file: Path, paint: Painter, indices: list[int]) -> None:
    """Six by six pictures of captions of held-out scenes, in their order."""
    texts = [caption_at(index) for index in indices[: SHEET_SIDE**2]]
    pictures = paint(texts, seed=0).permute(0, 2, 3, 1).cpu().numpy()
    rows = [np.concatenate(pictures[i : i + SHEET_SIDE], axis=1) for i in range(0, len(pictures), SHEET_SIDE)]
    Image.fromarray(np.concatenate(rows)).save(file)
    file.with_suffix(".txt").write_text("\n".join(texts) + "\n")


def score(
    scorer: Scorer, paint: Painter, indices: list[int], word_lists: dict[str, dict[str, str]]
) -> dict[str, dict[str, tuple[float, int]]]:
    """All answers of a model and of drawn scenes: by list of questions and question, the share that is right."""

    def readings_of(texts: list[str]) -> list[Reading]:
        readings: list[Reading] = []
        for first in range(0, len(texts), BATCH):
            readings += read(scorer, paint(texts[first : first + BATCH], seed=first))
            print(f"{len(readings)}/{len(texts)}", flush=True)
        return readings

    scenes, texts = [scene_at(i)[0] for i in indices], [caption_at(i) for i in indices]
    drawn = [reading for pictures in picture_batches(indices, 50) for reading in read(scorer, pictures)]
    report = {"model": scores(scenes, texts, readings_of(texts)), "drawn scenes": scores(scenes, texts, drawn)}
    for name, kinds in word_lists.items():
        scenes, texts = scenes_about(kinds)
        report[name] = word_scores(scenes, readings_of(texts))
    return report


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("run", type=Path, help="folder of the run whose scorer reads the pictures")
    options.add_argument("model", type=Path, help="folder of the model")
    options.add_argument("--prompts", type=int, default=PROMPTS)
    options.add_argument("--report", type=Path, help="where the scores go, as JSON")
    options.add_argument(
        "--only", type=Path, help="a file with the kinds, backgrounds and relations to ask for, by line"
    )
    options.add_argument(
        "--sheet", type=Path, help="also writes a sheet of 6 x 6 pictures, with its captions beside it"
    )
    chosen = options.parse_args()
    evaluate(chosen.run, chosen.model, chosen.prompts, chosen.report, chosen.sheet, chosen.only)


def evaluate(
    run: Path,
    model: Path,
    prompts: int = PROMPTS,
    report_file: Path | None = None,
    sheet: Path | None = None,
    only: Path | None = None,
) -> None:
    names = {"and", *only.read_text().splitlines()} if only else None
    indices = list(islice(asked_of(names), prompts))
    paint = load_painter(model)
    if sheet:
        write_sheet(sheet, paint, indices)
    report = score(load_scorer(run), paint, indices, {} if only else WORD_LISTS)
    for name, answers in report.items():
        for question, (share, asked) in sorted(answers.items()):
            print(f"{name}: {question:22} {share:6.1%} of {asked}", flush=True)
    decibels = decibels_of(load_vae(model)[0], pictures_of(run, UNSEEN))
    print(f"autoencoder: {decibels:.2f} dB", flush=True)
    if report_file:
        report_file.write_text(json.dumps({**report, "autoencoder decibels": decibels}, indent=2) + "\n")


if __name__ == "__main__":
    main()

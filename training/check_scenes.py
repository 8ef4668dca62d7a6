"""Whether captions say what is drawn: python check_scenes.py [--scenes N].

Puts the questions of `evaluate` to what was painted where, instead of to a network that reads pictures, so that every
answer should be right.
"""

import argparse
from collections import defaultdict

import numpy as np
import torch

from evaluate import questions_of
from pictures import SIDE, caption_at, scene_at
from scene_pool import CELLS
from scenes.composition import Scene
from scenes.render import render
from scorer import Reading, prevailing_colours


def painted(scene: Scene, rng: np.random.Generator) -> Reading:
    """What a perfect reader would say of the picture."""
    picture, mask = render(scene, rng, SIDE)
    step = SIDE // CELLS
    cells = mask[step // 2 :: step, step // 2 :: step].astype(int)
    pixels = torch.from_numpy(picture[step // 2 :: step, step // 2 :: step]).permute(2, 0, 1)[None]
    thing, ground = (prevailing_colours(pixels, torch.from_numpy(where)[None])[0] for where in (cells > 0, cells == 0))
    return Reading(cells, scene.background, thing, ground)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scenes", type=int, default=2_000)
    count = options.parse_args().scenes
    answers: dict[str, list[bool]] = defaultdict(list)
    wrong: dict[str, str] = {}
    for index in range(count):
        scene, rng = scene_at(index)
        reading = painted(scene, rng)
        text = caption_at(index)
        for question, right in questions_of(scene, text).items():
            name = scene.relation if question == "relation" else question
            answers[name].append(right(scene, reading))
            if not answers[name][-1]:
                wrong[name] = text
    for name, right in sorted(answers.items()):
        print(f"{name:22} {np.mean(right):6.1%} of {len(right):4}   {wrong.get(name, '')}")


if __name__ == "__main__":
    main()

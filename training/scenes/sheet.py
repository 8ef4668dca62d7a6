"""A sheet of scenes with their captions, for eyes: python -m scenes.sheet FILE."""

import sys
import textwrap

import numpy as np
from PIL import Image, ImageDraw

from scenes.captions import caption
from scenes.composition import draw_scene
from scenes.render import render

COLUMNS, ROWS, SIDE, TEXT = 8, 6, 256, 44


def main() -> None:
    sheet = Image.new("RGB", (COLUMNS * (SIDE + 4), ROWS * (SIDE + TEXT)), "white")
    pen = ImageDraw.Draw(sheet)
    for index in range(COLUMNS * ROWS):
        rng = np.random.default_rng(index)
        scene = draw_scene(rng)
        x, y = index % COLUMNS * (SIDE + 4), index // COLUMNS * (SIDE + TEXT)
        sheet.paste(Image.fromarray(render(scene, rng, SIDE)[0]), (x, y))
        pen.text((x, y + SIDE), "\n".join(textwrap.wrap(caption(scene, rng), 40)[:3]), fill="black", font_size=12)
    sheet.save(sys.argv[1])


if __name__ == "__main__":
    main()

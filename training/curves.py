"""Draws the curves of a run as SVG: python curves.py RUN FOLDER."""

import argparse
import json
import math
from pathlib import Path

WIDTH, HEIGHT, MARGIN = 640, 260, 46
# What is worth looking at in each training, and whether its axis counts in powers of ten.
CURVES = {
    "autoencoder": ("decibels", False),
    "text_encoder": ("loss", True),
    "denoiser": ("unweighted", True),
    "preview_decoder": ("decibels", False),
}
STYLE = """
  text { font: 12px sans-serif; fill: #777 }
  line { stroke: #7774; }
  polyline { fill: none; stroke: #4a7dd8; stroke-width: 1.5 }
"""


def marks(low: float, high: float, logarithmic: bool) -> list[float]:
    """About five values between two, for the lines across."""
    if logarithmic:
        decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        steps = [digit * 10.0**decade for decade in decades for digit in (1, 2, 5)]
    else:
        step = 10 ** math.floor(math.log10(high - low))
        step *= 0.5 if (high - low) / step < 3 else 1
        steps = [step * i for i in range(math.floor(low / step), math.ceil(high / step) + 1)]
    return [value for value in steps if low <= value <= high]


def curve(name: str, figure: str, logarithmic: bool, points: list[tuple[int, float]]) -> str:
    """One SVG: steps to the right, the figure upwards."""
    scale = math.log10 if logarithmic else float
    low, high = min(value for _, value in points), max(value for _, value in points)
    last = points[-1][0]

    def place(step: float, value: float) -> tuple[float, float]:
        x = MARGIN + step / last * (WIDTH - 2 * MARGIN)
        share = (scale(value) - scale(low)) / (scale(high) - scale(low))
        return round(x, 1), round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1)

    lines = []
    for value in marks(low, high, logarithmic):
        y = place(0, value)[1]
        lines.append(f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{y}" y2="{y}"/>')
        lines.append(f'<text x="{MARGIN - 6}" y="{y + 4}" text-anchor="end">{value:g}</text>')
    path = " ".join(f"{x},{y}" for x, y in (place(*point) for point in points))
    caption = f"{name.replace('_', ' ')}: {figure} over {last:,} steps"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
            f"<style>{STYLE}</style>",
            *lines,
            f'<polyline points="{path}"/>',
            f'<text x="{MARGIN}" y="{HEIGHT - 14}">{caption}</text>',
            "</svg>",
            "",
        ]
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("run", type=Path, help="folder of the run")
    options.add_argument("folder", type=Path, help="where the pictures go")
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for name, (figure, logarithmic) in CURVES.items():
        file = chosen.run / f"{name}.jsonl"
        if file.exists():
            rows = [json.loads(line) for line in file.read_text().splitlines()]
            points = [(row["step"], row[figure]) for row in rows]
            (chosen.folder / f"{name}.svg").write_text(curve(name, figure, logarithmic, points))


if __name__ == "__main__":
    main()

"""Paints scenes, in their style."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from scenes.backdrop import Backdrop
from scenes.backgrounds import backdrop
from scenes.composition import Group, Scene
from scenes.palette import COLOURS, mix, shade
from scenes.parts import Part, moved
from scenes.poses import CABINS
from scenes.things import THINGS

OVERSAMPLING = 3
PIXELS = 32  # a side, in pixel art
FINER = 6  # drawn so many times finer, each pixel then has the colour of its middle
INK = (34, 30, 42)
PAPER = (250, 247, 240)


def render(scene: Scene, rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The picture, uint8 [size, size, 3], and what is where: uint8 [size, size], 0 or 1 + the number of the kind."""
    layers = scene_layers(scene, rng)
    ground = backdrop(scene.background, rng)
    side = PIXELS * FINER if scene.style == "pixel" else size * OVERSAMPLING
    if scene.style == "watercolour":
        ground = replace(ground, parts=[wobbled(part, rng) for part in ground.parts])
        layers = [(number, [wobbled(part, rng) for part in parts]) for number, parts in layers]
    picture = gradient(ground, side)
    pen = ImageDraw.Draw(picture)
    for part in ground.parts:
        paint(pen, part, side, 0)
    for _, parts in layers:
        line = line_width(parts, side) if scene.style == "outline" else 0
        for part in parts:
            paint(pen, part, side, line)
    if scene.style == "pixel":
        picture = picture.resize((PIXELS, PIXELS), Image.Resampling.NEAREST)
        picture = picture.resize((size, size), Image.Resampling.NEAREST)
    else:
        picture = picture.reduce(OVERSAMPLING)
    pixels = np.array(picture)
    if scene.style == "watercolour":
        pixels = washed(picture, rng)
    return pixels, mask_of(layers, size)


def scene_layers(scene: Scene, rng: np.random.Generator) -> list[tuple[int, list[Part]]]:
    """For each thing, the number of its kind and its parts in colour and place, in the order of painting."""
    draws = [THINGS[group.kind].draw for group in scene.groups]
    cabin = CABINS[scene.groups[1].kind] if scene.relation == "in" else None
    if cabin:
        draws[1] = cabin.draw
    drawn = [group_layers(group, draw, rng) for group, draw in zip(scene.groups, draws)]
    if cabin:
        number, parts = drawn[1][0]
        return [(number, parts[: cabin.behind]), *drawn[0], (number, parts[cabin.behind :])]
    # What is inside, stands on or is held comes last; a rider's legs are hidden behind what he rides.
    order = drawn if scene.relation in ("riding", "holding", "wearing") else reversed(drawn)
    return [layer for layers in order for layer in layers]


def group_layers(
    group: Group, draw: Callable[[np.random.Generator], list[Part]], rng: np.random.Generator
) -> list[tuple[int, list[Part]]]:
    """Number of the kind and parts, of each thing of the group."""
    number = list(THINGS).index(group.kind)
    placed = [moved(draw(rng), x, y, scale, flip=group.flip) for x, y, scale in group.boxes]
    return [(number, [coloured(part, group.colour) for part in parts]) for parts in placed]


def coloured(part: Part, colour: str) -> Part:
    return replace(part, fill=shade(COLOURS[colour], part.fill)) if isinstance(part.fill, str) else part


def gradient(ground: Backdrop, side: int) -> Image.Image:
    """The backdrop's sky."""
    if ground.top == ground.bottom:
        return Image.new("RGB", (side, side), ground.top)
    steps = np.linspace(0, 1, side)[:, None]
    column = (np.array(ground.top) * (1 - steps) + np.array(ground.bottom) * steps).round().astype(np.uint8)
    return Image.fromarray(column[:, None]).resize((side, side), Image.Resampling.NEAREST)


def corners(part: Part, side: int) -> list[tuple[float, float]]:
    return [tuple(point) for point in ((part.points + 1) * (side / 2)).tolist()]


def paint(pen: ImageDraw.ImageDraw, part: Part, side: int, line: float) -> None:
    """The polygon, and its outline where the style has one."""
    points = corners(part, side)
    pen.polygon(points, fill=part.fill)
    if line and part.lines:
        pen.line([*points, *points[:2]], fill=INK, width=round(line), joint="curve")


def line_width(parts: list[Part], side: int) -> float:
    """A sixtieth of the picture; thinner on a thing that is less than half as wide, so that its colour is seen."""
    points = np.concatenate([part.points for part in parts]) if parts else np.zeros((1, 2))
    return side / 60 * min(1.0, max(0.4, float(np.ptp(points, axis=0).max())))


def wobbled(part: Part, rng: np.random.Generator) -> Part:
    """The part with edges as a brush draws them, and its colour let down with water."""
    count = max(24, len(part.points))
    along = np.linspace(0, len(part.points), count, endpoint=False)
    ring = np.concatenate([part.points, part.points[:1]])
    points = np.stack([np.interp(along, np.arange(len(ring)), ring[:, axis]) for axis in (0, 1)], 1)
    phases, extent = rng.uniform(0, 2 * np.pi, (2, 2)), float(np.ptp(points, axis=0).max())
    stroke = min(0.012, 0.03 * extent)
    waves = 6 / extent * points[:, ::-1]
    points = points + stroke * (np.sin(waves + phases[0]) + np.sin(1.7 * waves + phases[1]))
    return replace(part, points=points, fill=mix(part.fill, PAPER, 0.18))


def washed(picture: Image.Image, rng: np.random.Generator) -> np.ndarray:
    """Pigment that gathered here and there, soft edges, and paper showing at the rim."""
    size = picture.width
    pigment = Image.fromarray(rng.uniform(-1, 1, (6, 6)).astype(np.float32)).resize(
        (size, size), Image.Resampling.BICUBIC
    )
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(size / 500)), dtype=np.float32)
    x = np.linspace(-1, 1, size)
    rim = np.clip((np.maximum(np.abs(x)[:, None], np.abs(x)[None]) - 0.9) / 0.1, 0, 1)[..., None] ** 1.5
    tinted = soft * (1 + 0.07 * np.asarray(pigment)[..., None])
    return np.clip(tinted * (1 - rim) + np.array(PAPER) * rim, 0, 255).round().astype(np.uint8)


def mask_of(layers: list[tuple[int, list[Part]]], size: int) -> np.ndarray:
    """Which kind each pixel belongs to."""
    mask = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(mask)
    for number, parts in layers:
        for part in parts:
            pen.polygon(corners(part, size), fill=number + 1)
    return np.asarray(mask)

"""Says in words what a scene shows, in many ways: nobody should have to guess a grammar."""

import numpy as np

from scenes.backgrounds import DRAWN, UNSAID
from scenes.composition import Group, Scene, pick
from scenes.palette import SYNONYMS
from scenes.poses import FOLK
from scenes.things import FAUNA, THINGS

Generator = np.random.Generator

SIZES = {
    "small": ("small", "little", "tiny"),
    "medium": ("medium sized",),
    "big": ("big", "large", "huge", "giant"),
}
NUMBERS = {2: ("two", "2", "a pair of", "two"), 3: ("three", "3"), 4: ("four", "4")}
PLACES = {
    "left": ("on the left", "at the left", "on the left side"),
    "right": ("on the right", "at the right", "on the right side"),
    "top": ("at the top", "up high"),
    "bottom": ("at the bottom", "down low"),
    "top left": ("in the top left corner", "top left", "in the upper left"),
    "top right": ("in the top right corner", "top right", "in the upper right"),
    "bottom left": ("in the bottom left corner", "bottom left", "in the lower left"),
    "bottom right": ("in the bottom right corner", "bottom right", "in the lower right"),
}
RELATIONS = {
    "left of": ("left of", "to the left of", "on the left of"),
    "right of": ("right of", "to the right of", "on the right of"),
    "above": ("above", "over"),
    "below": ("below", "under", "beneath", "underneath"),
    "inside": ("inside", "in", "within"),
    "and": ("and", "next to", "beside", "together with"),
    "on": ("on", "on", "on top of"),
    "in front of": ("in front of", "in front of", "before"),
    "riding": ("riding", "riding", "riding on", "on", "sitting on"),
    "in": ("in", "in", "inside", "sitting in"),
    "holding": ("holding", "holding", "with", "carrying"),
    "wearing": ("wearing", "wearing", "with", "in"),
    "chasing": ("chasing", "running after", "following"),
    "behind": ("behind",),
    "carrying": ("carrying",),
}
# What one does who does nothing: words that change nothing.
IDLE = {
    **dict.fromkeys(FAUNA, ("sitting", "standing", "walking", "waiting", "playing")),
    **dict.fromkeys(FOLK, ("standing", "smiling", "walking", "waiting", "working")),
    **dict.fromkeys(("bird", "owl", "butterfly", "dragon"), ("flying", "sitting", "resting")),
    **dict.fromkeys(("fish", "whale", "shark", "octopus", "duck"), ("swimming", "diving", "floating")),
    **dict.fromkeys(("car", "bus", "train", "bicycle"), ("driving", "parked", "standing")),
    **dict.fromkeys(("plane", "rocket", "balloon", "ghost"), ("flying", "floating")),
    **dict.fromkeys(("tree", "pine", "flower", "cactus", "mushroom"), ("growing", "standing")),
    **dict.fromkeys(("house", "castle", "lighthouse", "windmill", "tent"), ("standing",)),
    "boat": ("sailing", "swimming", "floating"),
    "sun": ("shining", "rising"),
    "moon": ("shining", "rising"),
}
# Verbs that some kinds have besides.
OWN_VERBS = {
    "above": {
        kind: ("flying over", "flying above")
        for kind in ("bird", "owl", "butterfly", "dragon", "plane", "rocket", "ghost", "balloon", "duck")
    },
    "on": {
        **{kind: ("sitting on", "on") for kind in FAUNA},
        **{kind: ("standing on", "on") for kind in (*FOLK, "robot", "snowman")},
    },
}
# Verbs for what some things are held for.
USES = {
    **dict.fromkeys(("apple", "banana", "carrot", "ice cream", "pizza", "cake"), ("eating", "holding")),
    "guitar": ("playing", "playing", "holding"),
    "book": ("reading", "holding"),
    "ball": ("playing with", "holding"),
    "cup": ("drinking from", "holding"),
}
# The same relation, told from the other side.
REVERSED = {
    "left of": "right of",
    "right of": "left of",
    "above": "below",
    "below": "above",
    "in front of": "behind",
    "riding": "carrying",
}
STYLES = {
    "flat": ("flat", "simple", "flat design"),
    "outline": ("cartoon", "outlined", "comic", "line art", "sticker"),
    "pixel": ("pixel art", "pixel", "8 bit", "pixelated"),
    "watercolour": ("watercolour", "watercolor", "aquarelle", "painted"),
}
MEDIA = ("picture", "drawing", "illustration", "image", "painting")
PRAISE = (
    "beautiful",
    "cute",
    "masterpiece",
    "highly detailed",
    "best quality",
    "nice",
    "lovely",
    "amazing",
    "4k",
    "trending",
    "colourful",
    "happy",
    "old",
    "funny",
    "magic",
)
LETTERS = "aabcdeeefghiiklmnooprstuvwyz"


def caption(scene: Scene, rng: Generator) -> str:
    """One of very many wordings; what everybody would assume is often left out."""
    subject = subjects(scene, rng)
    where = background(scene, rng)
    style = style_words(scene, rng)
    form = rng.random()
    if form < 0.12:
        text = keywords(scene, rng, where, style)
    elif form < 0.27 and where:
        text = ", ".join(filter(None, (f"{where}{pick(rng, (', ', ' '))}{subject}", style)))
    else:
        text = f"{subject}{pick(rng, (' ', ' ', ' ', ', '))}{where}" if where else subject
        if style:
            text = styled(text, style, rng)
        elif rng.random() < 0.06:
            text = f"{article(pick(rng, MEDIA))} of {text}"
    return sprinkled(text, rng) if rng.random() < 0.12 else text


def article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def colour_word(colour: str, rng: Generator) -> str:
    return pick(rng, SYNONYMS[colour]) if rng.random() < 0.15 else colour


def noun(group: Group, rng: Generator) -> str:
    thing = THINGS[group.kind]
    if group.count > 1:
        return thing.plural
    return pick(rng, thing.synonyms) if thing.synonyms and rng.random() < 0.25 else thing.name


def group_words(group: Group, rng: Generator, relative: bool) -> str:
    """A group with as much of its size, count and colour as is worth saying. relative: sizes go without saying."""
    silent = 0.5 if group.colour == THINGS[group.kind].natural else 0.04
    colour = None if rng.random() < silent else colour_word(group.colour, rng)
    says_size = not relative and group.count == 1 and rng.random() < (0.05 if group.size == "medium" else 0.88)
    size = pick(rng, SIZES[group.size]) if says_size else None
    named = noun(group, rng)
    form = rng.random()
    if colour and form < 0.05:
        words = " ".join(filter(None, (size, named, "in", colour)))
    elif colour and form < 0.09 and group.count == 1:
        words = " ".join(filter(None, (size, named, "that is", colour)))
    else:
        words = " ".join(filter(None, (size, colour, named)))
    if group.count > 1:
        return f"{pick(rng, NUMBERS[group.count])} {words}"
    chance = rng.random()
    return words if chance < 0.08 else f"the {words}" if chance < 0.13 else article(words)


def subjects(scene: Scene, rng: Generator) -> str:
    """The things, where they are, and how they stand to each other."""
    first = group_words(scene.groups[0], rng, relative=scene.relation is not None)
    if scene.relation is None:
        place = scene.groups[0].place
        if rng.random() < 0.15 and scene.groups[0].kind in IDLE:
            first = f"{first} {pick(rng, IDLE[scene.groups[0].kind])}"
        return f"{first} {pick(rng, PLACES[place])}" if place and rng.random() < 0.92 else first
    second = group_words(scene.groups[1], rng, relative=True)
    if scene.relation == "inside" and rng.random() < 0.25:
        return f"{second} {pick(rng, ('with', 'containing', 'around'))} {first}{pick(rng, (' inside', ' in it'))}"
    if scene.relation in REVERSED and rng.random() < 0.35:
        return f"{second} {pick(rng, RELATIONS[REVERSED[scene.relation]])} {first}"
    return f"{first} {pick(rng, verbs(scene))} {second}"


def verbs(scene: Scene) -> tuple[str, ...]:
    """The words that can stand between the two things."""
    first, second = (group.kind for group in scene.groups)
    own = OWN_VERBS.get(scene.relation, {}).get(first, ())
    uses = USES.get(second, ()) if scene.relation == "holding" else ()
    driving = ("driving",) if scene.relation == "in" and second == "car" else ()
    return (*RELATIONS[scene.relation], *own, *uses, *driving)


def background(scene: Scene, rng: Generator) -> str:
    """Where it is: '' only of the one background that is drawn when a caption names none."""
    name = scene.background
    if name in DRAWN:
        return "" if name == UNSAID and rng.random() < 0.8 else pick(rng, DRAWN[name].phrases)
    colour = colour_word(name, rng)
    a = article(colour)
    return pick(
        rng,
        (
            f"on {colour}",
            f"on {a} background",
            f"{colour} background",
            f"with {a} background",
            f"on {a} ground",
            f"against {colour}",
        ),
    )


def style_words(scene: Scene, rng: Generator) -> str:
    says = rng.random() < (0.12 if scene.style == "flat" else 0.96)
    return pick(rng, STYLES[scene.style]) if says else ""


def styled(text: str, style: str, rng: Generator) -> str:
    medium = pick(rng, MEDIA)
    return pick(
        rng,
        (
            f"{style}, {text}",
            f"{text}, {style}",
            f"{text}, {style} style",
            f"{text} in {style} style",
            f"{style} {medium} of {text}",
            f"{article(style)} {medium} of {text}",
            f"{style} of {text}",
        ),
    )


def keywords(scene: Scene, rng: Generator, where: str, style: str) -> str:
    """Words between commas, in any order but for the things themselves."""
    if scene.relation is not None or scene.groups[0].place:
        subject = [subjects(scene, rng)]
    else:
        group = scene.groups[0]
        number = pick(rng, NUMBERS[group.count]) + " " if group.count > 1 else ""
        size = pick(rng, SIZES[group.size]) if group.size != "medium" else ""
        subject = [f"{number}{noun(group, rng)}", f"{colour_word(group.colour, rng)}", size]
        if rng.random() < 0.4:
            subject = (
                [" ".join(filter(None, (size, colour_word(group.colour, rng), noun(group, rng))))]
                if group.count == 1
                else [subjects(scene, rng)]
            )
    parts = [*filter(None, subject), *filter(None, [where, style])]
    if rng.random() < 0.4 and len(subject) == 1:
        parts = [parts[i] for i in rng.permutation(len(parts))]
    return ", ".join(parts)


def sprinkled(text: str, rng: Generator) -> str:
    """Words that mean nothing here, so that they do no harm when people write them."""

    def word() -> str:
        if rng.random() < 0.6:
            return pick(rng, PRAISE)
        return "".join(pick(rng, LETTERS) for _ in range(rng.integers(3, 9)))

    extra = ", ".join(word() for _ in range(rng.integers(1, 4)))
    return f"{text}, {extra}" if rng.random() < 0.7 else f"{extra}, {text}"

"""Words for things that nobody draws here, and the kind that comes nearest: a lion is better a cat than a blur.

Made-up words stand for all others, each for the kind whose name comes before it in the alphabet: so that a word never
seen shows something clear, whatever it is.
"""

import re
from bisect import bisect_right
from functools import cache

import numpy as np

from scenes.things import THINGS

NEIGHBOURS: dict[str, tuple[str, ...]] = {
    name: tuple(words.split())
    for name, words in {
        "circle": "dot sphere button coin plate planet wheel marble orb",
        "square": "box cube tile brick window door tv screen parcel chest",
        "triangle": "pyramid cone wedge arrow",
        "star": "starfish comet meteor snowflake asterisk medal",
        "heart": "love valentine kiss",
        "diamond": "kite gem jewel crystal ruby",
        "ring": "donut bagel tyre bracelet necklace circlet hole",
        "cross": "plus scissors tool pliers wrench",
        "cat": "tiger leopard panther cheetah lynx puma mouse rat hamster tomcat",
        "dog": "wolf goat hound poodle dachshund coyote hyena",
        "rabbit": "kangaroo hedgehog mole chinchilla",
        "bird": "eagle parrot crow raven pigeon dove robin sparrow bat falcon seagull pterodactyl",
        "butterfly": "bee dragonfly fairy ladybug beetle fly wasp mosquito insect angel",
        "snail": "worm slug caterpillar snake ant spider scorpion",
        "horse": "zebra unicorn camel mule stallion mare llama",
        "cow": "ox buffalo bison calf yak",
        "pig": "boar hog sow warthog",
        "sheep": "alpaca ram ewe wool",
        "elephant": "rhino hippo tapir",
        "fox": "jackal squirrel marten weasel ferret",
        "bear": "panda koala teddy badger bearcub",
        "lion": "mane wildcat sphinx",
        "monkey": "gibbon baboon lemur orangutan",
        "deer": "moose elk antelope giraffe fawn",
        "owl": "hawk vulture buzzard",
        "frog": "lizard newt gecko chameleon",
        "penguin": "puffin auk magpie",
        "fish": "goldfish salmon tuna piranha trout eel seahorse",
        "duck": "chicken hen rooster goose swan flamingo ostrich turkey chick",
        "turtle": "armadillo pangolin shell",
        "whale": "dolphin orca submarine seal walrus",
        "shark": "hammerhead swordfish barracuda stingray",
        "octopus": "jellyfish kraken cuttlefish tentacle",
        "crab": "lobster crayfish shrimp prawn",
        "dragon": "wyvern griffin phoenix hydra serpent",
        "dinosaur": "crocodile alligator stegosaurus diplodocus tyrannosaurus",
        "girl": "mother sister daughter bride nurse mermaid ballerina heroine grandmother",
        "boy": "father brother son person human child baby hero people cowboy portrait grandfather",
        "farmer": "gardener shepherd lumberjack miner",
        "cook": "baker waiter butcher",
        "doctor": "scientist vet pharmacist professor",
        "firefighter": "policeman policewoman builder worker postman",
        "diver": "swimmer snorkeler frogman surfer",
        "astronaut": "pilot spacewoman moonwalker",
        "king": "emperor prince sultan santa",
        "queen": "empress duchess countess",
        "knight": "soldier warrior samurai gladiator guard",
        "wizard": "witch sorceress druid merlin gnome",
        "tree": "bush shrub bonsai maple willow birch broccoli",
        "pine": "spruce conifer cedar cypress",
        "flower": "rose tulip sunflower lily orchid bouquet poppy lotus",
        "cactus": "aloe succulent bamboo",
        "mushroom": "fungus truffle lamp lampshade",
        "leaf": "feather petal clover herb",
        "car": "taxi truck van jeep lorry ambulance motorcycle tractor vehicle tank",
        "bus": "trailer caravan tram truckload minibus",
        "boat": "canoe yacht raft ferry kayak viking",
        "rocket": "missile satellite shuttle torpedo ufo",
        "plane": "helicopter drone glider airliner biplane",
        "train": "wagon subway railway carriage engine",
        "house": "hut barn cabin villa building church school shop garage mansion",
        "castle": "temple ruin skyscraper museum monument mosque cathedral prison",
        "lighthouse": "tower chimney column candle bottle statue pagoda factory",
        "tent": "tipi wigwam camp circus volcano",
        "windmill": "mill propeller turbine fan pinwheel",
        "apple": "tomato peach plum mango pumpkin melon onion potato",
        "pear": "avocado fig lemon vase lightbulb egg",
        "banana": "sausage boomerang pepper hotdog cucumber",
        "cherry": "grape strawberry blueberry raspberry olive berry",
        "carrot": "radish turnip parsnip pencil corn vegetable chili brush",
        "cake": "pie cupcake pudding dessert gateau brownie",
        "pizza": "cheese quiche lasagne slice",
        "ice cream": "sorbet gelato sundae",
        "burger": "sandwich bread toast cookie bun",
        "sun": "daylight gear explosion fire",
        "moon": "croissant horn eclipse",
        "cloud": "smoke steam fog dust storm",
        "umbrella": "parachute canopy",
        "snowman": "yeti scarecrow doll nutcracker",
        "lightning": "thunder electricity energy spark voltage",
        "smiley": "emoji joy laughter clown happiness mask",
        "sad face": "sadness tears anger misery grief monster zombie",
        "robot": "alien cyborg machine toy computer camera phone clock",
        "ghost": "spirit phantom skull vampire skeleton demon",
        "balloon": "bulb bubble zeppelin lollipop",
        "crown": "tiara wreath diadem",
        "cup": "bowl glass pot bucket coffee tea jug kettle basket",
        "hat": "helmet cap bonnet sombrero beret",
        "book": "diary notebook magazine dictionary bible",
        "hammer": "axe pickaxe hatchet shovel",
        "sword": "knife dagger spear sabre lance",
        "key": "spoon fork lock corkscrew",
        "guitar": "violin cello ukulele banjo lute",
        "drum": "tambourine barrel bongo timpani",
        "piano": "organ harpsichord keyboard radio",
        "chair": "armchair sofa bench throne seat",
        "table": "counter workbench sideboard nightstand",
        "bed": "couch cradle mattress hammock",
        "ball": "basketball volleyball globe bowling",
        "bicycle": "tricycle scooter unicycle moped",
    }.items()
}
# The share of real words among those that stand in for others; the rest are made up.
REAL = 0.7
# How many words are made up, once for all.
MADE_UP = 20_000


def kind_before(word: str) -> str:
    """The kind whose name is the word, or stands before it in the alphabet; the last one when none does."""
    names = sorted(THINGS)
    return names[bisect_right(names, word) - 1]


def letters_after() -> dict[str, str]:
    """By two letters, all that follow them in the words above: '^' stands before a word, '$' after it."""
    after: dict[str, str] = {}
    for words in NEIGHBOURS.values():
        for word in words:
            spelled = f"^^{word}$"
            for i in range(len(word) + 1):
                after[spelled[i : i + 2]] = after.get(spelled[i : i + 2], "") + spelled[i + 2]
    return after


@cache
def strange_words() -> dict[str, list[str]]:
    """By kind, words that mean nothing, spelled like real ones; some kinds have a hundred times more than others."""
    rng, after = np.random.default_rng(0), letters_after()
    known = {*THINGS, *(word for near in NEIGHBOURS.values() for word in near)}
    words: dict[str, list[str]] = {name: [] for name in THINGS}
    for _ in range(MADE_UP):
        word = "^^"
        while not word.endswith("$"):
            options = after[word[-2:]]
            word += options[rng.integers(len(options))]
        word = word.strip("^$")
        if word not in known and len(word) > 2:
            words[kind_before(word)].append(word)
    return words


def with_other_words(text: str, kinds: list[str], rng: np.random.Generator) -> str:
    """The caption with another word for one of its kinds, wherever the kind's own name stands in it."""
    kind = kinds[rng.integers(len(kinds))]
    words = NEIGHBOURS[kind] if rng.random() < REAL else strange_words()[kind]
    if not words:
        return text
    word, thing = words[rng.integers(len(words))], THINGS[kind]
    if thing.plural != thing.name:
        text = re.sub(rf"\b{thing.plural}\b", f"{word}s", text)
    return re.sub(rf"\b{thing.name}\b", word, text)

"""The kinds of things a caption can name. Their order is the order of the classes of the mask."""

from .animals import ANIMALS
from .buildings import BUILDINGS
from .food import FOOD
from .objects import OBJECTS
from .plants import PLANTS
from .shapes import SHAPES
from .thing import Thing
from .vehicles import VEHICLES
from .weather import WEATHER

THINGS: dict[str, Thing] = {
    thing.name: thing
    for theme in (SHAPES, ANIMALS, PLANTS, VEHICLES, BUILDINGS, FOOD, WEATHER, OBJECTS)
    for thing in theme
}

"""The kinds of things a caption can name. Their order is the order of the classes of the mask."""

from scenes.animals import LAND_ANIMALS
from scenes.buildings import BUILDINGS
from scenes.faces import FACES
from scenes.food import FOOD
from scenes.objects import OBJECTS
from scenes.plants import PLANTS
from scenes.shapes import SHAPES
from scenes.thing import Thing
from scenes.vehicles import VEHICLES
from scenes.water_animals import WATER_ANIMALS
from scenes.weather import WEATHER

THINGS: dict[str, Thing] = {
    thing.name: thing
    for theme in (SHAPES, LAND_ANIMALS, WATER_ANIMALS, PLANTS, VEHICLES, BUILDINGS, FOOD, WEATHER, FACES, OBJECTS)
    for thing in theme
}

"""The kinds of things a caption can name. Their order is the order of the classes of the mask."""

from scenes.animals import LAND_ANIMALS
from scenes.buildings import BUILDINGS
from scenes.faces import FACES
from scenes.farm_animals import FARM_ANIMALS
from scenes.food import FOOD
from scenes.forest_animals import FOREST_ANIMALS
from scenes.giants import GIANTS
from scenes.objects import OBJECTS
from scenes.people import PEOPLE
from scenes.plants import PLANTS
from scenes.shapes import SHAPES
from scenes.thing import Thing
from scenes.tools import TOOLS
from scenes.vehicles import VEHICLES
from scenes.water_animals import WATER_ANIMALS
from scenes.weather import WEATHER

THEMES = (
    SHAPES,
    LAND_ANIMALS,
    FARM_ANIMALS,
    FOREST_ANIMALS,
    WATER_ANIMALS,
    GIANTS,
    PEOPLE,
    PLANTS,
    VEHICLES,
    BUILDINGS,
    FOOD,
    WEATHER,
    FACES,
    OBJECTS,
    TOOLS,
)
THINGS: dict[str, Thing] = {thing.name: thing for theme in THEMES for thing in theme}
# The animals, which can do something.
FAUNA = tuple(
    thing.name for theme in (LAND_ANIMALS, FARM_ANIMALS, FOREST_ANIMALS, WATER_ANIMALS, GIANTS) for thing in theme
)

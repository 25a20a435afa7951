"""Recipes: automations for recurring payments that are ready to be taken."""

from itertools import count

from django.contrib.auth.models import User

from automations import publishing
from automations.models import Automation
from automations.recipes.keeping import KEEPING
from automations.recipes.paying import PAYING
from automations.recipes.recipe import GROUPS, Recipe
from automations.recipes.thanking import THANKING
from automations.recipes.welcoming import WELCOMING

RECIPES: dict[str, Recipe] = {one.key: one for one in (*WELCOMING, *PAYING, *KEEPING, *THANKING)}


def take(key: str, *, owner: User | None = None) -> Automation:
    """Make a draft from a recipe, named after it in the language that is active, with a number if that is taken."""
    recipe = RECIPES[key]
    for number in count(1):
        name = f"{recipe.title} {number}" if number > 1 else str(recipe.title)
        try:
            return publishing.create(name=name, draft=recipe.flow(), description=str(recipe.summary), owner=owner)
        except publishing.NameTaken:
            continue
    raise AssertionError  # there is always a number


__all__ = ["GROUPS", "RECIPES", "Recipe", "take"]

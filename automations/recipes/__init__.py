"""Recipes: automations for recurring payments that are ready to be taken."""

from django.contrib.auth.models import User

from automations import publishing
from automations.models import Automation
from automations.names import free_name
from automations.recipes.keeping import KEEPING
from automations.recipes.paying import PAYING
from automations.recipes.recipe import GROUPS, Recipe
from automations.recipes.thanking import THANKING
from automations.recipes.welcoming import WELCOMING

RECIPES: dict[str, Recipe] = {one.key: one for one in (*WELCOMING, *PAYING, *KEEPING, *THANKING)}


def take(key: str, *, owner: User | None = None) -> Automation:
    """Make a draft from a recipe, named after it in the language that is active, with a number if that is taken."""
    one = RECIPES[key]
    return publishing.create(
        name=free_name(str(one.title)), draft=one.flow(), description=str(one.summary), owner=owner
    )


__all__ = ["GROUPS", "RECIPES", "Recipe", "take"]

"""Every recipe: in both languages, whole, publishable, and told in words."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import translation

from automations import publishing, recipes
from automations.flow import reading
from automations.flow.shape import every_step
from automations.models import Automation
from automations.recipes import GROUPS, RECIPES, letters
from subscriptions import personalisation
from subscriptions.catalogue import BY_NAME

pytestmark = pytest.mark.django_db
EVERY = pytest.mark.parametrize("key", RECIPES)
BOTH = pytest.mark.parametrize("language", letters.LANGUAGES)
ASKED_FOR = {
    "welcome",
    "renewal_reminder",
    "trial_ending",
    "failed_payment",
    "card_expiring",
    "cancelling",
    "win_back",
    "paused",
    "expired",
    "yearly",
    "anniversary",
}


def mails(key: str) -> dict[str, dict[str, Any]]:
    """Return the e-mails of a recipe as its flow brings them along."""
    flow = reading.read(RECIPES[key].flow())
    return {one.id: dict(one.options["campaign"]) for one in every_step(flow.steps) if one.kind.name == "email"}


def test_the_usual_moments_of_a_recurring_payment_have_a_recipe() -> None:
    assert RECIPES.keys() >= ASKED_FOR
    assert {one.group for one in RECIPES.values()} == GROUPS.keys()


@EVERY
@pytest.mark.parametrize("account", ["en", "fr", "fr-ca"])
def test_it_publishes_in_an_account_that_has_nothing_of_its_own(key: str, account: str, settings: Any) -> None:
    settings.LANGUAGE_CODE = account
    one = recipes.take(key)
    publishing.publish(one)
    one.refresh_from_db()
    assert (one.state, one.version) == (Automation.State.ACTIVE, 1)


@EVERY
def test_its_flow_is_the_same_once_it_has_been_written_and_read(key: str) -> None:
    read = reading.read(RECIPES[key].flow())
    assert reading.read(reading.write(read)) == read


@EVERY
def test_its_e_mails_are_in_the_accounts_language_and_in_the_other(key: str, settings: Any) -> None:
    english = mails(key)
    settings.LANGUAGE_CODE = "fr"
    french = mails(key)
    assert english.keys() == french.keys() == letters.read(key, "en").keys() == letters.read(key, "fr").keys()
    for name, one in english.items():
        words = {part: one[part] for part in ("subject", "body")}
        other = {part: french[name][part] for part in ("subject", "body")}
        assert (one["translations"], french[name]["translations"]) == ({"fr": other}, {"en": words})
        assert words != other


@EVERY
@BOTH
def test_its_letters_greet_and_use_tags_that_there_are_with_words_for_what_is_not_known(
    key: str, language: str
) -> None:
    for letter in letters.read(key, language).values():
        for part in letter.values():
            assert personalisation.check(part) == part
        assert letter["text"].startswith({"en": "Hello {{", "fr": "Bonjour {{"}[language])
        shown = re.findall(r"\{\{(.*?)\}\}", re.sub(r"\{% if.*?endif %\}", "", letter["subject"] + letter["text"]))
        assert all("default:" in one for one in shown)
        assert not re.search(r"\[|\]|TODO|XXX|https?:", letter["subject"] + letter["text"])


@EVERY
def test_its_french_is_set_as_french_is(key: str) -> None:
    for letter in letters.read(key, "fr").values():
        written = re.sub(r"\{[{%].*?[%}]\}", "x", letter["subject"] + "\n" + letter["text"])
        assert not re.search(r"(?<!\u00a0)[:;?!»]|'", written)


@EVERY
@BOTH
def test_it_is_told_in_words_in_both_languages(key: str, language: str) -> None:
    recipe, flow = RECIPES[key], reading.read(RECIPES[key].flow())
    with translation.override(language):
        said = [one.kind.say(one.options) for one in (*flow.triggers, *every_step(flow.steps))]
        told = [str(getattr(recipe, name)) for name in TOLD]
    assert all(said)
    assert all(told)


TOLD = ("title", "summary", "why", "happens", "adapt", "stores")


@EVERY
def test_what_is_told_of_it_is_translated(key: str) -> None:
    recipe = RECIPES[key]
    for name in TOLD:
        with translation.override("fr"):
            french = str(getattr(recipe, name))
        with translation.override("en"):
            assert french != str(getattr(recipe, name))


@EVERY
def test_it_says_so_where_a_store_does_not_tell_what_starts_it(key: str) -> None:
    flow = reading.read(RECIPES[key].flow())
    fields = {one.options["field"] for one in flow.triggers if "field" in one.options}
    names = {"stripe": "Stripe", "paypal": "PayPal", "woocommerce": "WooCommerce"}
    silent = {names[store] for field in fields for store in BY_NAME[field].not_from}
    with translation.override("en"):
        words = str(RECIPES[key].stores)
    assert (words == "It works with all stores." or "It works with all stores;" in words) <= (not silent)
    assert all(name in words for name in silent)


def test_one_that_is_taken_is_a_draft_with_a_free_name_in_the_readers_language() -> None:
    ada = User.objects.create_user("ada")
    one, two = recipes.take("failed_payment", owner=ada), recipes.take("failed_payment", owner=ada)
    assert [str(one), str(two), one.state, one.owner] == ["Failed payment", "Failed payment 2", "draft", ada]
    assert one.description == "Three e-mails within a week when a payment fails, until it is active again."
    with translation.override("fr"):
        french = recipes.take("failed_payment")
        assert str(french) == str(RECIPES["failed_payment"].title) != "Failed payment 3"

"""The pages of recipes: every one can be read, by whoever may see automations, in both languages."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from automations.models import Automation
from automations.recipes import RECIPES, letters, sample
from contacts.models import Contact
from subscriptions.models import RecurringPayment

pytestmark = pytest.mark.django_db


def signed_in(client: Client, role: str) -> User:
    """Sign somebody of a role in."""
    one = User.objects.create_user(role, is_staff=True)
    one.groups.set([Group.objects.get(name=role)])
    client.force_login(one)
    return one


@pytest.mark.parametrize("language", letters.LANGUAGES)
def test_every_recipe_is_listed_and_can_be_read_in_words(client: Client, language: str) -> None:
    signed_in(client, "Viewer")
    told = {"HTTP_ACCEPT_LANGUAGE": language}
    page = client.get(reverse("automation_recipes"), **told).content.decode()
    for key in RECIPES:
        address = reverse("automation_recipe", args=[key])
        assert address in page
        own = client.get(address, **told)
        assert own.status_code == 200
        assert f'lang="{language}"' in own.content.decode()
    assert client.get(reverse("automation_recipe", args=["nothing"])).status_code == 404


def test_a_marketer_takes_one_and_a_viewer_cannot(client: Client) -> None:
    address = reverse("automation_recipe", args=["paused"])
    signed_in(client, "Viewer")
    assert client.post(address).status_code == 403
    owner = signed_in(client, "Marketer")
    answer = client.post(address)
    one = Automation.objects.get()
    assert (answer.headers["Location"], one.owner) == (reverse("automation", args=[one.pk]), owner)


@pytest.mark.parametrize("key", RECIPES)
def test_its_e_mails_read_well_for_somebody_made_up_of_whom_nothing_is_kept(key: str) -> None:
    for mail in sample.mails(RECIPES[key], language="fr"):
        assert mail.first.text.startswith("Bonjour Camille,")
        [other] = mail.others
        assert (other.name, other.text.startswith("Hello Camille,")) == ("English", True)
        assert "{" not in mail.first.subject + mail.first.text + other.subject + other.text
    assert not Contact.objects.exists()
    assert not RecurringPayment.objects.exists()

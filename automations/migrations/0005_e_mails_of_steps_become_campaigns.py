"""What e-mail steps said themselves becomes campaigns, one for a step of an automation, with a version for each text.

People who are inside get the newest, as before: an e-mail was always sent as it was written at that moment.
"""

import re
from copy import deepcopy
from html import escape

from django.db import migrations

PARTS = ("subject", "text")
_SHOWN = re.compile(r"\{\{-?\s*\w+\.(\w+).*?\}\}", re.DOTALL)


def as_html(text):
    paragraphs = (escape(part, quote=False) for part in re.split(r"\n\s*\n", text.strip()))
    return "".join("<p>{}</p>".format("<br>".join(part.splitlines())) for part in paragraphs)


def content(step):
    told = {"subject": step.get("subject", ""), "body": as_html(step.get("text", "")), "purpose": step.get("about", "marketing")}
    translations = step.get("translations")
    if isinstance(translations, dict) and translations:
        told["translations"] = {
            language: {"subject": words.get("subject", ""), "body": as_html(words.get("text", ""))}
            for language, words in translations.items()
            if isinstance(words, dict)
        }
    return told


def steps(part):
    if isinstance(part, dict):
        if part.get("do") == "email" and "campaign" not in part:
            yield part
        for value in part.values():
            yield from steps(value)
    elif isinstance(part, list):
        for one in part:
            yield from steps(one)


class Campaigns:
    def __init__(self, apps):
        self.Campaign = apps.get_model("automations", "Campaign")
        self.Version = apps.get_model("automations", "CampaignVersion")
        self.names = {name.lower() for name in self.Campaign.objects.values_list("name", flat=True)}

    def free_name(self, wanted):
        wanted = _SHOWN.sub(lambda found: f"[{found[1]}]", wanted).strip()[:190] or "?"
        name, number = wanted, 1
        while name.lower() in self.names:
            number += 1
            name = f"{wanted} {number}"
        self.names.add(name.lower())
        return name

    def convert(self, automation, versions):
        """Make the campaigns of one automation: its published flows from the oldest on, and then its draft."""
        known = {}
        for version in versions:
            version.flow = self._settled(automation, version.flow, known, published=True)
            version.save(update_fields=["flow"])
        automation.draft = self._settled(automation, automation.draft, known, published=False)
        automation.save(update_fields=["draft"])

    def _settled(self, automation, flow, known, *, published):
        settled = deepcopy(flow)
        for step in list(steps(settled)):
            told = content(step)
            key = str(step.get("id"))
            one = known.get(key)
            if one is None:
                name = self.free_name(f"{automation.name}: {told['subject']}")
                one = known[key] = self.Campaign.objects.create(name=name, kind="automated", draft=told)
            elif one.draft != told:
                one.draft = told
                one.save(update_fields=["draft"])
            if published and not self.Version.objects.filter(campaign=one, number=one.version, content=told).exists():
                one.version += 1
                self.Version.objects.create(campaign=one, number=one.version, content=told)
                one.save(update_fields=["version"])
            for name in (*PARTS, "translations", "about"):
                step.pop(name, None)
            step["campaign"] = one.pk
        return settled


def forwards(apps, _editor):
    campaigns = Campaigns(apps)
    for automation in apps.get_model("automations", "Automation").objects.defer("webhook_secret").order_by("pk"):
        campaigns.convert(automation, automation.versions.order_by("number"))


class Migration(migrations.Migration):
    dependencies = [("automations", "0004_campaigns")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]

"""Prepared e-mails, each made once and kept: what was sent is understood with them, and many are sent from one."""

from functools import lru_cache

from django.db import transaction

from automations.email import content, preparing
from automations.models import CampaignVersion, Sender, Sheet


def sender() -> Sender:
    """Return from whom e-mails come, as it is now; one that says nothing where nobody has set it up."""
    return Sender.objects.filter(pk=Sender.ONLY).first() or Sender(pk=Sender.ONLY)


def find(version: CampaignVersion, *, language: str, sender: Sender) -> Sheet:
    """Return a version prepared for a person's language, making it if it is the first of its kind."""
    written = read(version)
    own, _words = written.in_language(language)
    return _find(version.pk, own, sender.revision) or _make(version, written, own, sender)


def read(version: CampaignVersion) -> content.Content:
    """Return what a version says."""
    return _read(version.pk)


@lru_cache(maxsize=500)
def _read(version: int) -> content.Content:
    return content.read(CampaignVersion.objects.get(pk=version).content, trusts=True)


@lru_cache(maxsize=500)
def _kept(version: int, language: str, sender: int) -> Sheet:
    return Sheet.objects.get(version=version, language=language, sender=sender)


def _find(version: int, language: str, sender: int) -> Sheet | None:
    try:
        return _kept(version, language, sender)
    except Sheet.DoesNotExist:
        return None


def _make(version: CampaignVersion, written: content.Content, language: str, sender: Sender) -> Sheet:
    made = preparing.prepare(written, language=language, sender=sender)
    with transaction.atomic():
        Sheet.objects.get_or_create(
            version=version,
            language=language,
            sender=sender.revision,
            defaults={
                "subject": made.subject,
                "other_subject": made.other_subject,
                "html": made.html,
                "text": made.text,
            },
        )
    return _kept(version.pk, language, sender.revision)


def forget() -> None:
    """Remember nothing: for tests, in which numbers come again."""
    _read.cache_clear()
    _kept.cache_clear()

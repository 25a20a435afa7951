"""The automations app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AutomationsConfig(AppConfig):
    """Registers the app under its name in the menu."""

    name = "automations"
    verbose_name = _("Automations")

    def ready(self) -> None:
        """Say what is held of people here, and listen to what may start somebody."""
        from anymail.signals import inbound, tracking

        from automations import bell, gauges, merging, privacy, uses
        from automations.email.receiving import provider
        from automations.starting import occurrences
        from config.metrics.gauges import register as register_figures
        from contacts.merging import register as register_mover
        from contacts.privacy import register as register_holder
        from contacts.signals import people_subscribed, people_tagged
        from subscriptions.segments.uses import register as register_finder
        from subscriptions.signals import changes_recorded

        register_holder(privacy.HOLDER)
        register_mover(merging.MOVER)
        register_finder("automations", uses.of_segments)
        register_figures("automations", gauges.tell)
        changes_recorded.connect(bell.ring)
        tracking.connect(provider.hear)
        inbound.connect(provider.receive)
        people_tagged.connect(occurrences.keep_tagged)
        people_subscribed.connect(occurrences.keep_subscribed)

"""The theme's words that our pages show: it brings no French of its own, and Django's does not know them."""

from django.utils.translation import gettext_noop as _

WORDS = (
    _("After you've created a user, you’ll be able to edit more user options."),
    _("Apply Filters"),
    _(
        'Are you sure you want to delete the %(object_name)s "%(escaped_object)s"? '
        "All of the following related items will be deleted:"
    ),
    _("Click here to select the objects across all pages"),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would require deleting the following protected "
        "related objects:"
    ),
    _(
        "Deleting the %(object_name)s '%(escaped_object)s' would result in deleting related objects, but your account "
        "doesn't have permission to delete the following types of objects:"
    ),
    _("False"),
    _("Forgotten your password or username?"),
    _("Go back"),
    _("Models in the %(name)s application"),
    _("Run the selected action"),
    _("Select action"),
    _("Select action to run"),
    _("Select record"),
    _("Select value"),
    _("Toggle password visibility"),
    _("True"),
    _("Type to search"),
    _("Welcome"),
    _("Welcome back to"),
    _("You have been successfully logged out from the administration"),
)

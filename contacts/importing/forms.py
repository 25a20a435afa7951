"""What a marketer is asked for an import: the file, what its columns are, and what becomes of its people."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from contacts.importing import columns, reading, work
from contacts.models import ContactImport, ContactList, Tag

_FAULTS = {
    "no_email": _("Choose the column with the e-mail: people are known by it."),
    "twice": _("Two columns are read as the same thing. Choose one of them."),
}
_UNREADABLE = {
    "spreadsheet": _("This is a spreadsheet. Save it as CSV in your spreadsheet program, and upload that file."),
    "binary": _("This file holds no text. Save it as CSV, and upload that file."),
    "empty": _("There are no people in this file."),
}


class FileForm(forms.Form):
    """The file, which is read at once; `told` is the import it becomes."""

    file = forms.FileField(
        label=_("CSV file"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("There are no people in this file.")},
    )

    def clean_file(self) -> Any:
        """Refuse what is too large."""
        file = self.cleaned_data["file"]
        if file.size > reading.LARGEST:
            raise forms.ValidationError(gettext("The file is larger than 50 MB. Cut it into several."))
        return file

    def accepted(self, user: Any) -> ContactImport | None:
        """Keep the file as a draft of an import; None with the reason among the errors where that cannot be."""
        file = self.cleaned_data["file"]
        try:
            return work.accept(file, name=file.name, user=user)
        except reading.Unreadable as unreadable:
            self.add_error("file", _UNREADABLE[unreadable.code])
        except work.TooMany:
            self.add_error("file", gettext("The file has more than 200,000 rows. Cut it into several."))
        return None


class MappingForm(forms.ModelForm):  # type: ignore[type-arg]
    """What each column is read as, and what becomes of the people."""

    consents = forms.BooleanField(required=False, label=_("These people have agreed to get e-mails of this list."))

    class Meta:
        model = ContactImport
        fields = ("tag", "contact_list", "overwrites")
        widgets = {"tag": UnfoldAdminTextInputWidget}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["tag"].label = _("Give all of them this tag")
        self.fields["contact_list"] = forms.ModelChoiceField(
            ContactList.objects.all(),
            label=_("Subscribe them to this list"),
            required=False,
            empty_label=_("To none"),
            widget=UnfoldAdminSelectWidget,
        )
        for place, key in enumerate(self.instance.mapping):
            self.fields[f"column_{place}"] = forms.ChoiceField(choices=columns.CHOICES, required=False, initial=key)

    def clean_tag(self) -> str:
        """Take the tag that there is, however it was typed."""
        typed = str(self.cleaned_data["tag"]).strip()
        known = (tag for tag in Tag.objects.values_list("name", flat=True) if tag.casefold() == typed.casefold())
        return next(known, typed)

    def clean(self) -> dict[str, Any]:
        """Take the mapping; to subscribe people one must say that they agreed."""
        told = super().clean() or self.cleaned_data
        chosen = [told.get(f"column_{place}", "") for place in range(len(self.instance.mapping))]
        for fault in columns.faults(chosen):
            self.add_error(None, _FAULTS[fault])
        if told.get("contact_list") and not told["consents"]:
            self.add_error("consents", _("Say that they have agreed; otherwise nobody can be subscribed."))
        self.instance.mapping = chosen
        return told

    def keep(self) -> None:
        """Write what was chosen on the draft, unless it has been started meanwhile."""
        told = {name: self.cleaned_data[name] for name in self._meta.fields or ()}
        drafts = ContactImport.objects.filter(pk=self.instance.pk, state=ContactImport.State.DRAFT)
        drafts.update(mapping=self.instance.mapping, **told)

    def columns(self) -> Iterator[dict[str, Any]]:
        """Yield each column: its name, the first things that stand in it, and its choice."""
        rows = [cells for _number, cells, is_broken in work.first_rows(self.instance) if not is_broken]
        for place in range(len(self.instance.mapping)):
            names = self.instance.header
            name = names[place] if place < len(names) and names[place] else gettext("Column %d") % (place + 1)
            found = [cells[place] for cells in rows if place < len(cells) and cells[place].strip()]
            yield {"name": name, "samples": found[:3], "field": self[f"column_{place}"]}

"""A form for things that are known by a name: no two have the same, however it is capitalised."""

from typing import Any

from django import forms


class NamedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A name that nothing else has; `taken` says in words that `%(name)s` is there already."""

    taken: Any

    def clean_name(self) -> str:
        """Refuse a name that another has; SQLite by itself would tell É and é apart."""
        name: str = self.cleaned_data["name"]
        others = self._meta.model._default_manager.exclude(pk=self.instance.pk)
        if other := next((one for one in others if one.name.casefold() == name.casefold()), None):
            raise forms.ValidationError(self.taken % {"name": other})
        return name

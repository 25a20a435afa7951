"""What somebody has typed into the form of an e-mail, and how the form shows what there is.

An input is named by the path of what it says, so that what is wrong with a path stands at its input.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import QueryDict

from automations.email.content import FORMS, PARTS, PURPOSES
from automations.email.languages import other_languages, short

WRITTEN = ("subject", "other_subject", "preheader", "body", "text")
MEASURED = ("opens", "clicks")
SENT = ("sender_name", "sender", "reply_to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input: its path, what it is called, what it holds, and what is wrong with it."""

    path: str
    name: str
    label: Any
    value: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What is said in one language; `is_there` for the account's, and for one that there is a translation for."""

    code: str
    name: str
    inputs: dict[str, Input]
    is_main: bool
    is_there: bool


def draft(told: QueryDict) -> dict[str, Any]:
    """Return the draft that a form says."""
    said: dict[str, Any] = {name: _value(told, name) for name in (*WRITTEN, *SENT) if name in told}
    said |= {name: told[name] for name in ("form", "purpose") if name in told}
    if "measures" in told:
        said |= {name: told.get(name) == "on" for name in MEASURED}
    translations = {
        code: {name: _value(told, path) for name in WRITTEN if (path := f"translations.{code}.{name}") in told}
        for code in other_languages()
        if told.get(f"translations.{code}") == "on"
    }
    return said | ({"translations": translations} if translations else {})


def languages(draft: dict[str, Any], errors: dict[str, str]) -> list[Language]:
    """Return what the form shows in each language, the account's first."""
    names = dict(settings.LANGUAGES)
    main = short(settings.LANGUAGE_CODE)
    kept = draft.get("translations", {})
    others = [
        Language(
            code=code,
            name=name,
            inputs=_inputs(kept.get(code, {}), errors, f"translations.{code}."),
            is_main=False,
            is_there=code in kept,
        )
        for code, name in other_languages().items()
    ]
    own = Language(
        code=main, name=names.get(main, main), inputs=_inputs(draft, errors, ""), is_main=True, is_there=True
    )
    return [own, *others]


def settings_of(draft: dict[str, Any], errors: dict[str, str]) -> dict[str, Any]:
    """Return the inputs of what is said once, and the choices."""
    return {
        "sent": [_input(draft, errors, "", name) for name in SENT],
        "forms": _choices(FORMS, draft.get("form", "designed")),
        "measured": [
            {"name": name, "label": PARTS[name], "is_chosen": draft.get(name, True) is not False} for name in MEASURED
        ],
        "purposes": _choices(PURPOSES, draft.get("purpose", "marketing")),
    }


def _choices(known: Any, chosen: str) -> list[dict[str, Any]]:
    return [{"name": name, "label": label, "is_chosen": name == chosen} for name, label in known.items()]


def _inputs(said: dict[str, Any], errors: dict[str, str], above: str) -> dict[str, Input]:
    return {name: _input(said, errors, above, name) for name in WRITTEN}


def _input(said: dict[str, Any], errors: dict[str, str], above: str, name: str) -> Input:
    path = f"{above}{name}"
    return Input(path=path, name=name, label=PARTS[name], value=str(said.get(name) or ""), error=errors.get(path, ""))


def _value(told: QueryDict, name: str) -> str:
    """Return what was typed; a browser ends lines in its own way."""
    return told.get(name, "").replace("\r\n", "\n").strip()

"""Model fields for names and telephone numbers of people: whatever is written or searched has one spelling.

Forms, sheets, the API, the admin and services all end at a model, so that none of them can leave the spelling out. In
migrations they are plain CharFields: the spelling is Python's and the history is not to depend on it.
"""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.lookups import (
    Contains,
    EndsWith,
    IContains,
    IEndsWith,
    IStartsWith,
    PatternLookup,
    StartsWith,
)
from django.utils.translation import gettext_lazy as _

from portal.ui import names, numbers
from portal.ui.seen import NameSeen, NumberSeen


def validate_number(value: str) -> None:
    """The same numbers that forms accept. Raises ValidationError."""
    if not numbers.is_number(numbers.canonical(value)):
        raise ValidationError(_("请填写手机号，或带区号的座机，例如 0399-5550000。"), code="phone")


class SpelledField(models.CharField):
    """Stored and looked up as `spell` writes it; `spell` is idempotent."""

    spell: Callable[[str], str]

    def to_python(self, value):
        value = super().to_python(value)
        return type(self).spell(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return type(self).spell(value) if isinstance(value, str) else value

    def pre_save(self, model_instance, add):
        """The instance, too, has the stored spelling from then on."""
        value = getattr(model_instance, self.attname)
        if isinstance(value, str) and value:
            setattr(model_instance, self.attname, value := type(self).spell(value))
        return value

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def _spelled(lookup: type[PatternLookup]) -> type[PatternLookup]:
    """The lookup of a part, which Django would compare as it was typed."""

    class Spelled(lookup):
        def get_prep_lookup(self):
            return self.lhs.output_field.get_prep_value(self.rhs) if isinstance(self.rhs, str) else self.rhs

    return Spelled


for _lookup in (Contains, IContains, StartsWith, IStartsWith, EndsWith, IEndsWith):
    SpelledField.register_lookup(_spelled(_lookup))


class PersonNameField(SpelledField):
    spell = staticmethod(names.clean)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": names.LONGEST} | kwargs)


class NumberField(SpelledField):
    """A number to call, or none."""

    spell = staticmethod(numbers.canonical)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": numbers.LONGEST, "validators": [validate_number]} | kwargs)


class OfficeNumberField(NumberField):
    """The number of a place, which pages and messages print as it is stored: with the dash of a landline."""

    spell = staticmethod(numbers.written)


class NameKeyField(SpelledField):
    """The key of the row's `name`: never set by hand, and searched with a name as it was typed.

    A search for a part of it passes over the signs between the parts of a name: obrien finds O’Brien.
    """

    spell = staticmethod(names.key)

    def __init__(self, *args, **kwargs):
        kwargs = {"max_length": names.LONGEST_KEY, "editable": False, "default": "", "db_default": ""} | kwargs
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance, add):
        setattr(model_instance, self.attname, value := names.key(model_instance.name))
        return value


def _without_signs(lookup: type[PatternLookup]) -> type[PatternLookup]:
    """The lookup of a part of a key, on both sides without apostrophes, hyphens and dots."""

    class Loose(_spelled(lookup)):
        def get_prep_lookup(self):
            typed = super().get_prep_lookup()
            return (names.without_signs(typed) or typed) if isinstance(typed, str) else typed

        def process_lhs(self, compiler, connection, lhs=None):
            sql, params = super().process_lhs(compiler, connection, lhs)
            for _sign in names.SIGNS_OF_KEYS:
                sql = f"REPLACE({sql}, %s, '')"
            return sql, [*params, *names.SIGNS_OF_KEYS]

    return Loose


for _lookup in (Contains, IContains):
    NameKeyField.register_lookup(_without_signs(_lookup))

# Of every CharField: history is kept in plain ones.
for _seen in (NameSeen, NumberSeen):
    models.CharField.register_lookup(_seen)

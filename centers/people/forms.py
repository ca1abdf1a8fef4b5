"""The form for who comes, used for booking, the waiting list and tickets; for oneself or the family."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centers.models import FamilyLink
from portal.ui import words
from portal.ui.forms import Form, NameField, Once, PhoneField, TextField
from portal.ui.idempotency import key_of, new_key

SELF, FAMILY = "self", "family"
LARGEST_PARTY = 6
LONGEST_NOTE = 200  # Appointment.note
HELPERS = [choice for choice in FamilyLink.Relation.choices if choice[0] != FamilyLink.Relation.SELF]


def party_size_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("一共几个人来办"),
        choices=[(number, format(number)) for number in range(1, LARGEST_PARTY + 1)],
        coerce=int,
        empty_value=1,
        required=False,
    )


class HelperForm(Form):
    """Who asks at the desk for somebody else: a name and, if it was said, what they are to each other."""

    contact_name = NameField(required=False)
    relation = forms.ChoiceField(label=_("这个人是他（她）的"), required=False)
    nobody = ""  # what the choice of a relation says for whoever asks for themselves

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["relation"].choices = [("", self.nobody), *HELPERS]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("contact_name"):
            cleaned["relation"] = cleaned.get("relation") or FamilyLink.Relation.OTHER
        elif "contact_name" not in self.errors:
            cleaned["relation"] = FamilyLink.Relation.SELF
        return cleaned


class WhoForm(Once, Form):
    """Who comes. `links` are the signed-in user's family; a chosen member's name and phone need not be typed.

    `key` is an idempotency key: rendered with the empty form and sent with every submission of it, so that it books
    once.
    """

    who = forms.ChoiceField(label=_("给谁约"), required=False)
    name = NameField(label=_("办事人的姓名"))
    phone = PhoneField(label=_("联系电话"), help_text=_("有变动时我们打这个电话。手机、座机都可以。"))
    contact_name = NameField(label=_("您的姓名"))
    relation = forms.ChoiceField(label=_("您是他（她）的"), choices=HELPERS)
    party_size = party_size_field()
    note = TextField(label=_("有什么要先告诉我们的"), max_length=LONGEST_NOTE, required=False)

    use_required_attribute = False

    def __init__(self, data=None, *, links: list[FamilyLink] = (), contact=None, **kwargs):
        super().__init__(data, **kwargs)
        self.links = {f"r{link.resident_id}": link for link in links}
        self.contact = contact
        self.size = 1  # also after a refusal has taken the answer out of cleaned_data
        self.key = key_of(data.get("key", "") if data else self.initial.get("key", ""))
        self.fields["who"].choices = [(choice["value"], choice["title"]) for choice in self.options]

    @property
    def options(self) -> list[dict]:
        """Options for components/choices.html, family members first."""
        known = [_option(value, link) for value, link in self.links.items()]
        myself = any(link.relation == FamilyLink.Relation.SELF for link in self.links.values())
        typed = [] if myself else [{"value": SELF, "title": _("给自己约")}]
        return [*known, *typed, {"value": FAMILY, "title": _("替家里别的人约") if known else _("替家人约")}]

    @property
    def chosen(self) -> str:
        asked = (self.data if self.is_bound else self.initial).get("who", "")
        values = [option["value"] for option in self.options]
        return asked if asked in values else values[0]

    @property
    def asks_more(self) -> bool:
        """Whether the collapsed fields are shown: when one of them was filled in or has an error."""
        return any(self[name].errors or self[name].value() not in (None, "", "1", 1) for name in ("party_size", "note"))

    def clean(self):
        """Ignores fields that the chosen option does not ask for, and their errors."""
        cleaned = super().clean()
        self.size = cleaned.get("party_size") or 1
        who = cleaned.get("who") or self.chosen
        self.link = self.links.get(who)
        if self.link:
            self._forget("name", "phone", "contact_name", "relation")
            self._fill_in(self.link)
        elif who != FAMILY:
            self._forget("contact_name", "relation")
            self.cleaned_data |= {"contact_name": "", "relation": FamilyLink.Relation.SELF}

    @property
    def details(self) -> dict:
        """Arguments of `booking.book` besides slot, item and resident."""
        return {name: self.cleaned_data[name] for name in ("phone", "contact_name", "relation", "party_size", "note")}

    def renew_key(self) -> None:
        self.key = new_key()

    def _forget(self, *names: str) -> None:
        for name in names:
            self.errors.pop(name, None)

    def _fill_in(self, link: FamilyLink) -> None:
        own = link.relation == FamilyLink.Relation.SELF
        phone = (link.resident.phone if own else self.contact.phone or link.resident.phone) or self.contact.phone
        self.cleaned_data |= {
            "name": link.resident.name,
            "phone": phone or "",
            "contact_name": "" if own else self.contact.get_full_name(),
            "relation": link.relation,
        }
        if not phone:
            self.add_error(None, _("您的账户里没有电话。请打电话给中心，让工作人员帮您约。"))


def _option(value: str, link: FamilyLink) -> dict:
    said = link.get_relation_display()
    own = link.relation == FamilyLink.Relation.SELF
    hint = said if own else _("您是他（她）的%(relation)s") % {"relation": said}
    phone = words.masked_phone(link.resident.phone) if link.resident.phone else ""
    return {"value": value, "title": link.resident.name, "hint": " · ".join(filter(None, [str(hint), phone]))}

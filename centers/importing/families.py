"""Sheets of residents with those of the family who book for them."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from centers.importing.accounts import Accounts
from centers.importing.changes import Change, created
from centers.importing.fields import PhoneWidget
from centers.importing.residents import ResidentResource
from centers.importing.rules import SheetRules
from centers.importing.writing import Planned
from centers.models import FamilyLink
from portal.accounts.audit_log import log_creation, log_updates
from portal.accounts.models import User
from portal.ui import names, numbers
from portal.ui.sheets.spoiled import Spoiled

# Name, number and relation of each; a second one has columns of their own.
RELATIVES = (("家人姓名", "家人手机号", "是居民的"), ("家人2姓名", "家人2手机号", "家人2是居民的"))
Wanted = tuple[User, str]


class ResidentsWithFamilies(SheetRules, ResidentResource):
    """A relative's number gets an account without a password if it has none; the link lets it book."""

    beside = ("family_links__user",)

    class Meta(ResidentResource.Meta):
        skip_diff = True

    @classmethod
    def columns(cls) -> list[str]:
        return [*super().columns(), *(column for columns in RELATIVES for column in columns)]

    def before_import(self, dataset, **kwargs) -> None:
        super().before_import(dataset, **kwargs)
        self.people = Accounts(kwargs["user"])
        columns = [phone for _name, phone, _relation in RELATIVES if phone in dataset.headers]
        self.people.load({PhoneWidget().clean(cell) for column in columns for cell in dataset[column]} - {""})
        self.accounts = self.people.made

    def before_import_row(self, row, **kwargs) -> None:
        super().before_import_row(row, **kwargs)
        wanted, faults = [], []
        for columns in RELATIVES:
            try:
                wanted += self._relative(*(row.get(column, "") for column in columns))
            except ValidationError as error:
                faults += error.messages
        if faults:
            raise ValidationError(faults)
        row["relatives"] = wanted

    def _relative(self, name: str, phone: str, relation: str) -> list[Wanted]:
        if not (name or phone or relation):
            return []
        if not (name and phone and relation):
            raise ValidationError(_("家人的姓名、手机号和“是居民的”要一起填。"))
        if isinstance(phone, Spoiled):
            raise ValidationError(phone.fault)
        digits = numbers.canonical(phone)
        if not numbers.is_mobile(digits):
            raise ValidationError(_("家人的号码“%(phone)s”不是11位手机号，收不到验证码。") % {"phone": phone[:20]})
        relations = {str(one.label): one.value for one in FamilyLink.Relation}
        if relation not in relations:
            said = {"relation": relation[:20], "relations": "、".join(relations)}
            raise ValidationError(_("“%(relation)s”请写其中一个：%(relations)s") % said)
        return [(self.people.named(digits, names.clean(name)), relations[relation])]

    def after_init_instance(self, instance, new, row, **kwargs) -> None:
        super().after_init_instance(instance, new, row, **kwargs)
        links = [] if new else [link for link in instance.family_links.all() if link.ended_at is None]
        known = {link.user.phone: link for link in links}
        instance.links_of_sheet = [
            (known.get(user.phone), user, relation)
            for user, relation in row["relatives"]
            if user.phone not in known or known[user.phone].relation != relation
        ]

    def brings_more(self, instance) -> bool:
        return bool(instance.links_of_sheet)

    def users_of(self, planned: Planned) -> list[User]:
        return [user for _link, user, _relation in planned.instance.links_of_sheet]

    def write(self, planned: list[Planned], accounts: list[User]) -> None:
        with transaction.atomic():
            super().write(planned, accounts)
            new, made = [], []
            for one in planned:
                for link, user, relation in one.instance.links_of_sheet:
                    if link is None:
                        new.append((one, FamilyLink(user=user, resident=one.instance, relation=relation)))
                    else:
                        self._relate(one, link, relation)
            made = FamilyLink.objects.bulk_create([link for _one, link in new], batch_size=500)
            for (one, _link), link in zip(new, made, strict=True):
                log_creation(link)
                self.beside_changes.append((one, created(link)))

    def _relate(self, planned: Planned, link: FamilyLink, relation: str) -> None:
        change = partial(Change, link._meta.label_lower, link.pk)
        self.beside_changes.append((planned, change({"relation": link.relation}, {"relation": relation})))
        before = FamilyLink(pk=link.pk, user=link.user, resident=planned.instance, relation=link.relation)
        link.relation = relation
        link.save(update_fields=["relation"])
        log_updates([(before, link)])

    def changes(self, planned: list[Planned]) -> list[tuple[Planned, Change]]:
        return [*super().changes(planned), *self.beside_changes]

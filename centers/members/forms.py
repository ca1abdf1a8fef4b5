"""Forms for people with logins."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centers.members import inviting
from centers.members.inviting import NEW_ON_ROSTER, NOT_ON_ROSTER, Colleague
from centers.models import Division, Staff
from portal.accounts.roles import Role
from portal.ui.forms import Form, KeyedForm, NameField, PhoneField, TextField
from portal.ui.words import masked_phone

LONGEST_TITLE, LONGEST_REASON = 30, 120


def role_choices(roles: list[Role]) -> list[tuple[str, str]]:
    return [(role.value, role.label) for role in roles]


class InviteForm(KeyedForm):
    roster = forms.ChoiceField(
        label=_("在值班名单里吗"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("选了名单里的人，登录就和他（她）的班连在一起，能看自己的班、请假、换班。"),
    )
    name = NameField(required=False, help_text=_("上面选了人，不用再填；没有选，请填在这里。"))
    phone = PhoneField(
        label=_("手机号"),
        mobile_only=True,
        required=False,
        help_text=_("以后用它登录。没有手机就不填，第一次登录时自己起一个登录名。"),
    )
    role = forms.ChoiceField(label=_("做什么"), widget=forms.RadioSelect)
    title = TextField(label=_("职务"), max_length=LONGEST_TITLE, required=False, help_text=_("例如：村委会委员。"))

    def __init__(self, *args, division: Division, roles: list[Role], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(roles)
        if len(roles) == 1:  # nothing to choose
            self.fields["role"].initial = roles[0].value
            self.fields["role"].widget = forms.HiddenInput()
        if division.level == Division.Level.VILLAGE and division.centers.exists():
            free = Staff.objects.working().filter(center__division=division, user__isnull=True)
            listed = [(str(one.pk), f"{one.name} {one.title}".strip()) for one in free.order_by("order", "pk")]
            self.fields["roster"].choices = [
                *listed,
                (NEW_ON_ROSTER, _("不在，把他（她）加上")),
                (NOT_ON_ROSTER, _("不在，也不用排班")),
            ]
            self.fields["roster"].initial = NEW_ON_ROSTER
        else:
            del self.fields["roster"]
            self.fields["name"].required = True
            self.fields["name"].help_text = ""

    def clean(self):
        cleaned = super().clean()
        has_no_row = cleaned.get("roster", "") in (NOT_ON_ROSTER, NEW_ON_ROSTER)
        if has_no_row and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", self.fields["name"].error_messages["required"])
        return cleaned

    @property
    def colleague(self) -> Colleague:
        said = self.cleaned_data
        return inviting.Colleague(
            role=said["role"],
            name=said["name"],
            phone=said["phone"],
            title=said["title"],
            roster=said.get("roster", NOT_ON_ROSTER),
        )


class PostForm(Form):
    """`seen`: the title that the page showed (optimistic locking)."""

    role = forms.ChoiceField(label=_("做什么"), widget=forms.RadioSelect)
    title = TextField(label=_("职务"), max_length=LONGEST_TITLE, required=False)
    seen = TextField(max_length=LONGEST_TITLE, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, roles: list[Role], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(roles)


class EndForm(Form):
    leaves_roster = forms.BooleanField(label=_("从今天起也不在值班名单里了"), required=False, initial=True)

    def __init__(self, *args, is_on_roster: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_on_roster:
            del self.fields["leaves_roster"]


class ReasonForm(Form):
    reason = TextField(label=_("为什么"), max_length=LONGEST_REASON, help_text=_("本人会看到。"))


class HelpForm(ReasonForm):
    """`seen`: whoever gets a new way into an account is the person, which nobody but the helper can tell."""

    PASSWORD, FACTOR = "password", "factor"

    what = forms.ChoiceField(
        label=_("哪里进不来"),
        widget=forms.RadioSelect,
        choices=[
            (PASSWORD, _("忘了密码。动态口令还在")),
            (FACTOR, _("手机丢了或换了，动态口令没有了")),
        ],
    )
    seen = forms.BooleanField(label=_("我见到了本人，就是他（她）"))
    field_order = ("what", "reason", "seen")


class NumberForm(ReasonForm):
    phone = PhoneField(label=_("新的手机号"), mobile_only=True)
    seen = forms.BooleanField(label=_("我见到了本人，就是他（她），号码也是本人的"))
    field_order = ("phone", "reason", "seen")


class SlipsForm(Form):
    """Who gets a slip: `u12` is an account, `s34` a person of a roster who gets one."""

    people = forms.MultipleChoiceField(
        label=_("给谁打印"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少勾一个人。")},
    )

    def __init__(self, *args, posts, staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.accounts = {f"u{post.user_id}": post.user for post in posts}
        self.staff = {f"s{one.pk}": one for one in staff}
        invited = [
            (
                f"u{post.user_id}",
                _said(post.user, post.division, post.get_role_display(), masked_phone(post.user.phone or "")),
            )
            for post in posts
        ]
        listed = [(f"s{one.pk}", _said(one.name, one.center.division, one.title)) for one in staff]
        groups = [(_("请过，还没有登录"), invited), (_("在值班名单里，还没有账号（打印就开通代办员）"), listed)]
        self.fields["people"].choices = [(title, rows) for title, rows in groups if rows]
        self.fields["people"].initial = list(self.accounts)

    @property
    def chosen(self) -> tuple[list, list]:
        """Accounts, and people of rosters."""
        keys = self.cleaned_data["people"]
        return (
            [self.accounts[key] for key in keys if key in self.accounts],
            [self.staff[key] for key in keys if key in self.staff],
        )


def _said(name, division: Division, *more: str) -> str:
    return " · ".join(filter(None, [str(name), division.short_name, *more]))

"""Fixture data of the access matrix: our village, its users, and one real object for each URL."""

from dataclasses import dataclass, field

from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from appointments.booking.confirmation import answer_link
from appointments.booking.messages import subject_of
from appointments.invitation import rating_token
from appointments.waiting.links import offer_link
from centers.models import Division, FamilyLink, Membership
from portal.accounts import invitations
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.ui import assets
from tests import factories
from tests.access import world_duty
from tests.appointments.cases.carrying import open_case
from tests.appointments.steps import book
from tests.factories.appointments import at


@dataclass
class World:
    users: dict[str, User]
    args: dict[str, list]  # of each address that takes any, by its name
    queries: dict[str, str]  # of the lines that ask for more than the bare address
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        if role not in self.clients:
            self.clients[role] = Client(raise_request_exception=False)
            if role in self.users:
                self.clients[role].force_login(self.users[role])
        return self.clients[role]

    def path(self, line: str) -> str:
        """`desk` is the bare address, `desk?ours` the same with a query about our village."""
        name = line.partition("?")[0]
        return reverse(name, args=self.args.get(name, [])) + self.queries.get(line, "")


def build() -> World:
    divisions = {
        code: factories.DivisionFactory(code=code, name=name)
        for code, name in [
            ("990000000000", "演示省"),
            ("990100000000", "演示市"),
            ("990101000000", "青禾县"),
            ("990101100000", "柳溪镇"),
            ("990101101000", "石桥镇"),
            ("990101100201", "柳湾村村民委员会"),
            ("990101101201", "石桥村村民委员会"),
        ]
    }
    ours, theirs = divisions["990101100201"], divisions["990101101201"]
    center = factories.CenterFactory(division=ours)
    factories.CenterFactory(division=theirs, name="石桥村党群服务中心")
    mother = factories.ResidentFactory(division=ours, name="王桂兰", phone="13800005678")
    users = {
        "villager": person(mother, FamilyLink.Relation.SELF),
        "neighbour": person(factories.ResidentFactory(division=ours, name="李秀英"), FamilyLink.Relation.SELF),
        "faraway": person(factories.ResidentFactory(division=theirs, name="石大山"), FamilyLink.Relation.SELF),
        "son": person(mother, FamilyLink.Relation.CHILD, name="王建军"),
        "cadre": official(ours, Role.PROXY_AGENT),
        "other_cadre": official(theirs, Role.PROXY_AGENT),
        "manager": official(ours, Role.MANAGER),
        "township": official(divisions["990101100000"], Role.TOWNSHIP),
        "other_township": official(divisions["990101101000"], Role.TOWNSHIP),
        "county": official(divisions["990101000000"], Role.COUNTY),
        "disabled": official(ours, Role.PROXY_AGENT),
        "revoked": official(ours, Role.PROXY_AGENT),
        "admin_staff": let_in(official(divisions["990101100000"], Role.TOWNSHIP)),
        "other_admin_staff": let_in(official(divisions["990101101000"], Role.TOWNSHIP)),
        "admin": factories.UserFactory(is_staff=True, is_superuser=True),
    }
    queries = {
        "api:slots?item": f"?item=yanglao-renzheng&from={timezone.localdate()}",
        "api:look_up?phone": "?phone=13800005678",
        "desk?ours": f"?center={ours.code}",
        "desk_print?ours": f"?center={ours.code}",
        "desk_sheet?ours": f"?center={ours.code}",
        "desk_sheet_data?ours": f"?center={ours.code}",
        "desk_sheet_marks?ours": f"?center={ours.code}",
        "desk_sheet_left?ours": f"?center={ours.code}",
        "desk_book?ours": f"?center={ours.code}",
        "desk_waiting?ours": f"?center={ours.code}",
        "desk_cases?ours": f"?center={ours.code}",
        "desk_case_who?ours": f"?center={ours.code}",
        "oversight_cases?ours": f"?under={ours.code}",
        "oversight_case_rows?open": "?what=open",
        "oversight_case_rows?speed": "?what=speed",
        "oversight_case_rows?ours": f"?what=overdue&under={ours.code}",
        **{
            f"{name}?ours": f"?center={ours.code}" for name in ("desk_news", "desk_window", "desk_next", "desk_tickets")
        },
        "oversight?ours": f"?under={ours.code}",
        "member_new?ours": f"?at={ours.code}",
        "oversight_rows?booked": "?what=booked",
        "oversight_rows?ours": f"?what=booked&under={ours.code}",
        "oversight_rows?center": f"?what=ratings&center={ours.code}",
    }
    queries |= {f"{name}?ours": f"?center={ours.code}" for name in ("duty", "duty_evidence")}
    upload = factories.SheetUploadFactory(by=users["township"])
    sheet_args = {f"sheet_{name}": [upload.pk] for name in ("upload", "errors", "undo")}
    sheet_args |= {"sheet_kind": ["rooms"], "sheet_template": ["rooms"]}
    args = sheet_args | objects(center, mother) | world_duty.objects(center, users["cadre"])
    return World(users, args | of_the_admin(center, mother), queries)


def take_away(world: World) -> None:
    """Revoke role and account after signing in: the next request must be refused (A2)."""
    User.objects.filter(pk=world.users["disabled"].pk).update(is_active=False)
    world.users["revoked"].memberships.update(revoked_at=timezone.now())


def person(resident, relation: str, name: str = "") -> User:
    user = factories.UserFactory(name=name or resident.name, phone=None)
    factories.FamilyLinkFactory(user=user, resident=resident, relation=relation)
    return user


def official(division: Division, role: Role) -> User:
    return factories.MembershipFactory(division=division, role=role).user


def let_in(user: User) -> User:
    """Give access to the admin with all Django permissions."""
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.all())
    return user


def objects(center, mother) -> dict[str, list]:
    item = factories.ServiceItemFactory(division=Division.objects.get(code="990101000000"), code="yanglao-renzheng")
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9))
    later = factories.SlotFactory(center=center, starts_at=at(4, 9))
    booked = book(slot, item, mother)
    served = factories.AppointmentFactory(
        center=center, resident=mother, item=item, served=True, starts_at=at(-2, 9), served_by__username="servant"
    )
    ticket = factories.TicketFactory(center=center)
    factories.QueueDayFactory(center=center)
    message = factories.MessageFactory(subject=subject_of(booked), state="failed")
    note = factories.OfflineMarkFactory(center=center)
    full = factories.SlotFactory(center=center, starts_at=at(5, 9), online_taken=2)
    entry = factories.WaitingEntryFactory(slot=full, item=item)
    factories.HoldFactory(slot=full)
    factories.LinkUseFactory(appointment=booked)
    style = assets.bundle("app.css")
    args = {
        "center": [center.code],
        "book": [center.code],
        "book_time": [center.code, item.code],
        "book_who": [center.code, item.code, later.pk],
        "wait": [center.code, item.code, full.pk],
        "waiting": [entry.link],
        "answer": [answer_link(booked, "1").rpartition("/")[2]],
        "answer_offer": [offer_link(entry).rpartition("/")[2]],
        "desk_waiting_answer": [entry.pk, "leave"],
        "desk_confirmed": [booked.pk],
        "invited": [invitations.issue(user=factories.UserFactory(), by=factories.UserFactory())[1]],
        "item": [item.code],
        "rate": [rating_token(served)],
        "sitemap_centers": [1],
        "asset": [style.digest, "app.css"],
        "desk_book_item": [mother.pk],
        "desk_join": [mother.pk],
        "desk_seen": [mother.family_links.first().user_id],
        "desk_book_time": [mother.pk, item.code],
        "desk_mark": [booked.pk, "arrive"],
        "desk_ticket_do": [ticket.pk, "leave"],
        "desk_ticket_mark": [ticket.pk, "serve"],
        "desk_ticket_who": [ticket.pk, mother.pk, item.code],
        "ticket": [ticket.link],
        "desk_sheet_settle": [note.pk],
        "delivery_again": [message.pk],
        "delivery_call": [message.pk],
        "delivery_called": [message.pk],
        "delivery_not_reached": [message.pk],
        "delivery_undo": [message.pk],
        "api:center": [center.code],
        "api:slots": [center.code],
    }
    args |= {
        name: [booked.link] for name in ("booking", "booking_print", "booking_ics", "booking_move", "booking_cancel")
    }
    correction = factories.CorrectedResidentFactory(resident=mother)
    link = mother.family_links.exclude(relation="self").first()
    args |= {name: [mother.pk] for name in ("desk_person", "desk_correct", "desk_family")}
    args |= {"desk_correct_undo": [correction.pk], "desk_family_step": [link.pk, "end"], "me_family_end": [link.pk]}
    args |= {"me_consent": ["reminders"], "account_erased": ["now"]}
    notice = factories.HolidayNoticeFactory()
    steps = ("item", "edit_item", "end_item", "resume_item", "start_item", "discard_item")
    args |= {f"manage_{step}": [item.division.code, item.code] for step in steps}
    args |= {f"manage_offered_{step}": ["990101100000", item.code] for step in ("item", "off", "on")}
    args |= {name: [notice.pk] for name in ("holidays_notice", "holidays_undo")}
    changed = factories.RuleChangeFactory(division=item.division)
    args |= {"rule": [changed.name], "rule_undo": [changed.pk], "provider_test": ["sms"]}
    args |= {name: [booked.pk] for name in ("desk_appointment", "desk_booked", "desk_move", "desk_cancel", "desk_keep")}
    args |= of_the_cases(center, mother, item, booked)
    args |= {name: [ticket.pk] for name in ("desk_ticket", "desk_ticket_print", "desk_ticket_call")}
    args |= {"desk_ticket_priority": [ticket.pk]}
    post = factories.MembershipFactory(division=center.division, role=Role.PROXY_AGENT, user__name="何小玲")
    args |= {f"member_{page}": [post.pk] for page in ("post", "end", "restore")}
    args |= {f"member{page}": [post.user_id] for page in ("", "_slip", "_help", "_number", "_switch")}
    args |= {name: [center.code] for name in ("ticket_take", "screen", "screen_calls")}
    args |= {f"api:{name}": [booked.code] for name in ("look_up", "cancel", "move")}
    return args


def of_the_cases(center, mother, item, booked) -> dict[str, list]:
    """An open case in the village, and a closed one that may be reopened."""
    agent = Membership.objects.get(division=center.division, role=Role.MANAGER).user
    case = open_case(center, item, mother, agent, there=[])
    done = factories.CaseFactory(center=center, item=item, resident=mother, owner=agent, first_owner=agent, done=True)
    times = {"started_at": done.opened_at, "ended_at": done.closed_at}
    factories.CasePauseFactory(stage=factories.CaseStageFactory(case=done, outcome="finished", **times), **times)
    factories.CaseTransferFactory(case=case)
    args = {name: [case.pk] for name in ("desk_case", "desk_case_notice", "desk_case_receipt")}
    return args | {
        "case": [case.link],
        "case_again": [done.link],
        "desk_case_item": [mother.pk],
        "desk_case_open": [mother.pk, item.code],
        "desk_case_from": [booked.pk],
        "desk_case_paper": [case.pk, case.materials.get().pk],
        "desk_case_step": [case.pk, "take-over"],
    }


def of_the_admin(center, mother) -> dict[str, list]:
    """A row of ours for each page of the admin; `0` where there is none to be had."""
    factories.RoomFactory(center=center)
    factories.SuccessionFactory(old__code="990101100291", new=center.division)
    factories.MarketDayFactory(rule__division=center.division)
    factories.ClosureNoticeFactory(center=center)
    factories.ApiTokenFactory(membership__division=center.division)
    factories.RatingFactory(appointment__center=center, appointment__resident=mother)
    factories.JoinedResidentFactory(kept=mother)
    factories.ErasureFactory(resident__division=center.division)
    factories.ConsentFactory()
    factories.ItemDraftFactory(division=center.division, code="drafted")
    factories.ItemOptOutFactory(division=center.division, code="switched-off")
    factories.RoomFunctionFactory()
    factories.GroupTagFactory()
    factories.CalendarDayFactory()
    Group.objects.create(name="空")
    args = {"admin:app_list": ["centers"], "admin:view_on_site": [1, 1]}
    for model in admin.site._registry:
        pk = model._default_manager.order_by("pk").values_list("pk", flat=True).first() or 0
        for page in ("change", "delete", "history"):
            args[f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"] = [pk]
    return args | {"admin:auth_user_password_change": args["admin:accounts_user_change"]}

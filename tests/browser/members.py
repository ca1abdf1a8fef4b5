"""The pages of people with logins, for tests/browser/test_every_page.py."""

from datetime import timedelta

from django.utils import timezone

from portal.accounts import invitations
from portal.accounts.models import User
from tests import factories

PAGES = [
    (None, "/accounts/in/"),
    (None, "/accounts/in/{slip}/"),
    ("manager", "/manage/members/"),
    ("manager", "/manage/members/new/?at={code}"),
    ("manager", "/manage/members/slips/"),
    ("manager", "/manage/members/{member}/"),
    ("manager", "/manage/members/{member}/switch/"),
    ("manager", "/manage/members/posts/{post}/"),
    ("manager", "/manage/members/posts/{post}/end/"),
    ("officer", "/manage/members/new/"),
]


def world(center) -> dict[str, str | int]:
    """A colleague with a name and a title that are long, on the roster; one who waits; one who has left."""
    post = factories.MembershipFactory(
        division=center.division,
        role="proxy_agent",
        title="村务监督委员会委员兼妇联主席",
        user__name="阿卜杜热西提·买买提明·吐尔逊江",
        user__last_login=timezone.now() - timedelta(days=3),
    )
    staff = factories.StaffFactory(center=center, user=post.user)
    factories.DutyShiftFactory(staff=staff, date=timezone.localdate() + timedelta(days=1), part="evening")
    factories.MembershipFactory(division=center.division, role="liaison", user=post.user, revoked_at=timezone.now())
    factories.MemberChangeFactory(user=post.user, division=center.division, reason="手机丢了")
    waiting = User.objects.create_user("waiting", None, name="何小玲")
    factories.MembershipFactory(division=center.division, role="proxy_agent", user=waiting)
    code = invitations.issue(user=waiting, by=post.user)[1]
    return {"slip": code, "member": post.user_id, "post": post.pk}

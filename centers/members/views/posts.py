"""Changing, ending and restoring a post."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from centers.days.asking import change_or_ask
from centers.duty import people
from centers.members import access, posts
from centers.members.forms import EndForm, PostForm
from centers.models import Membership
from portal.accounts.roles import Role
from portal.ui.errors import RuleBroken
from portal.ui.responses import status_of, told


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    post, refusal = _own(request, pk), None
    roles = access.roles_for(request.user, post.division)
    if post.role not in roles:
        roles = [Role(post.role), *roles]
    initial = {"role": post.role, "title": post.title, "seen": post.title}
    form = PostForm(request.POST or None, roles=roles, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        try:
            posts.change(pk=pk, role=said["role"], title=said["title"], seen=said["seen"], by=request.user)
        except RuleBroken as broken:
            refusal = broken
            broken.add_to(form)
        else:
            messages.success(request, _("改好了，现在就按新的来。"))
            return redirect("member", post.user_id)
    return render(request, "centers/members/post.html", {"form": form, "post": post}, status=status_of(refusal))


@never_cache
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows first what the person still has ahead; then, if bookings are touched, whom it touches."""
    post = _own(request, pk)
    person = posts.on_roster(post)
    back_url = reverse("member", args=[post.user_id])
    form = EndForm(request.POST if request.method == "POST" else None, is_on_roster=person is not None)
    if form.is_valid():
        leaves = form.cleaned_data.get("leaves_roster", False)
        try:
            made = change_or_ask(
                request,
                lambda: posts.end(pk=pk, leaves_roster=leaves, by=request.user),
                question=_("让%(name)s离岗吗？") % {"name": post.user},
                action=_("结束职务，离岗"),
                back_url=back_url,
            )
        except RuleBroken as broken:
            messages.error(request, str(broken))
            return redirect(back_url)
        if made.page:
            return made.page
        messages.success(request, _("%(name)s的职务结束了，已经在所有设备上退出。") % {"name": post.user})
        return redirect(back_url)
    shifts = people.shifts_ahead(person) if person else []
    context = {"form": form, "post": post, "shifts": shifts, "back_url": back_url}
    return render(request, "centers/members/end.html", context)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    post = access.post_for(request, pk)
    with told(request, _("恢复了。他（她）现在又能用原来的办法登录，做原来的事。")):
        posts.restore(pk=pk, by=request.user)
    return redirect("member", post.user_id)


def _own(request: HttpRequest, pk: int) -> Membership:
    """A post that the user may change, else 403. An ended one too: the service says that it has ended."""
    post = access.post_for(request, pk)
    if post.role not in access.members.roles_to_grant(by=request.user, division=post.division):
        raise PermissionDenied
    return post

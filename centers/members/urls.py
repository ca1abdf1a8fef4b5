from django.urls import path

from centers.members.views import helping, inviting, members, posts, slips

urlpatterns = [
    path("manage/members/", members.members, name="members"),
    path("manage/members/new/", inviting.new, name="member_new"),
    path("manage/members/slips/", slips.several, name="member_slips"),
    path("manage/members/<int:pk>/", members.member, name="member"),
    path("manage/members/<int:pk>/slip/", slips.one, name="member_slip"),
    path("manage/members/<int:pk>/help/", helping.lost, name="member_help"),
    path("manage/members/<int:pk>/number/", helping.number, name="member_number"),
    path("manage/members/<int:pk>/switch/", helping.switch, name="member_switch"),
    path("manage/members/posts/<int:pk>/", posts.change, name="member_post"),
    path("manage/members/posts/<int:pk>/end/", posts.end, name="member_end"),
    path("manage/members/posts/<int:pk>/restore/", posts.restore, name="member_restore"),
]

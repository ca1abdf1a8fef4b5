from django.urls import path

from centers.duty.views import evidence, half_day, mine, month, people, public, rules

urlpatterns = [
    path("desk/duty/", month.month, name="duty"),
    path("desk/duty/plan/", month.plan, name="duty_plan"),
    path("desk/duty/publish/", month.publish, name="duty_publish"),
    path("desk/duty/undo/", month.undo, name="duty_undo"),
    path("desk/duty/move/", month.move, name="duty_move"),
    path("desk/duty/days/<str:day>/<slug:part>/", half_day.change, name="duty_half_day"),
    path("desk/duty/evidence/", evidence.rows, name="duty_evidence"),
    path("desk/duty/people/", people.staff, name="duty_people"),
    path("desk/duty/people/new/", people.person, name="duty_new_person"),
    path("desk/duty/people/<int:pk>/", people.person, name="duty_person"),
    path("desk/duty/rules/", rules.rules, name="duty_rules"),
    path("desk/duty/mine/", mine.mine, name="duty_mine"),
    path("desk/duty/mine/calendar/", mine.calendar, name="duty_calendar"),
    path("desk/duty/mine/leave/", mine.ask_leave, name="duty_ask_leave"),
    path("desk/duty/shifts/<int:pk>/swap/", mine.ask_swap, name="duty_ask_swap"),
    path("desk/duty/shifts/<int:pk>/declare/", mine.declare, name="duty_declare"),
    path("desk/duty/swaps/<int:pk>/<slug:answer>/", mine.answer_swap, name="duty_answer_swap"),
    path("duty/<slug:key>.ics", mine.ics, name="duty_ics"),
    path("oversight/presence/", evidence.reports, name="duty_reports"),
    path("oversight/presence/<int:pk>/", evidence.check, name="duty_check"),
    path("centers/<str:code>/duty/", public.poster, name="duty_poster"),
    path("centers/<str:code>/here/", public.here, name="here"),
]

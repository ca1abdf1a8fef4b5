from django.urls import path

from appointments.views.duty import half_day, month

urlpatterns = [
    path("desk/duty/", month.month, name="duty"),
    path("desk/duty/plan/", month.plan, name="duty_plan"),
    path("desk/duty/publish/", month.publish, name="duty_publish"),
    path("desk/duty/undo/", month.undo, name="duty_undo"),
    path("desk/duty/move/", month.move, name="duty_move"),
    path("desk/duty/days/<str:day>/<slug:part>/", half_day.change, name="duty_half_day"),
]

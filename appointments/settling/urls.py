from django.urls import path

from appointments.settling.views import closures, hours, settle

urlpatterns = [
    path("desk/settle/", settle.waiting, name="desk_settle"),
    path("desk/settle/<int:pk>/keep/", settle.keep, name="desk_keep"),
    path("desk/settle/kept/<int:pk>/undo/", settle.put_back, name="desk_put_back"),
    path("desk/duty/hours/", hours.rules, name="duty_hours"),
    path("desk/duty/hours/new/", hours.change, name="duty_new_hours"),
    path("desk/duty/hours/<int:pk>/", hours.change, name="duty_change_hours"),
    path("desk/duty/hours/<int:pk>/delete/", hours.delete, name="duty_delete_hours"),
    path("desk/duty/closures/", closures.of_center, name="duty_closures"),
    path("desk/duty/closures/new/", closures.ask, name="duty_ask_closure"),
    path("closures/<int:pk>/", closures.detail, name="closure"),
    path("closures/<int:pk>/approve/", closures.approve, name="closure_approve"),
    path("closures/<int:pk>/withdraw/", closures.withdraw, name="closure_withdraw"),
    path("oversight/closures/", closures.of_township, name="oversight_closures"),
]

from django.urls import path

from appointments.leave import views as leave

urlpatterns = [
    path("desk/duty/leave/<int:pk>/", leave.detail, name="duty_leave"),
    path("desk/duty/leave/<int:pk>/tell/", leave.tell, name="duty_leave_tell"),
    path("desk/duty/leave/<int:pk>/cancel/", leave.cancel, name="duty_leave_cancel"),
    path("desk/duty/leave/<int:pk>/<slug:answer>/", leave.answer, name="duty_leave_answer"),
    path("oversight/leave/", leave.leaves_list, name="duty_leaves"),
]

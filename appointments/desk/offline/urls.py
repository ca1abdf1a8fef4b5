from django.urls import path

from appointments.desk.offline import views as sheet

urlpatterns = [
    path("desk/sheet/", sheet.page, name="desk_sheet"),
    path("desk/sheet/worker.js", sheet.worker, name="desk_sheet_worker"),
    path("desk/sheet/data/", sheet.data, name="desk_sheet_data"),
    path("desk/sheet/marks/", sheet.marks, name="desk_sheet_marks"),
    path("desk/sheet/left/", sheet.left, name="desk_sheet_left"),
    path("desk/sheet/left/<int:pk>/", sheet.settle, name="desk_sheet_settle"),
]

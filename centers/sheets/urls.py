from django.urls import path, register_converter

from centers.sheets import views
from centers.sheets.kinds import KINDS


class KindConverter:
    regex = "|".join(KINDS)

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(KindConverter, "sheet_kind")

urlpatterns = [
    path("manage/sheets/", views.sheets, name="sheets"),
    path("manage/sheets/<sheet_kind:kind>/", views.kind, name="sheet_kind"),
    path("manage/sheets/<sheet_kind:kind>/template/", views.template, name="sheet_template"),
    path("manage/sheets/<int:pk>/", views.upload, name="sheet_upload"),
    path("manage/sheets/<int:pk>/errors/", views.errors, name="sheet_errors"),
    path("manage/sheets/<int:pk>/undo/", views.undo, name="sheet_undo"),
]

"""Whoever opens a row of the admin that shows a full name or number is in the audit log (P1)."""

from auditlog.receivers import log_access
from django.contrib.admin.utils import unquote


class AccessLogged:
    """Mixin for a ModelAdmin whose lists mask: each page of one row, and each row that a deletion names, is logged."""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return self._logged(request, object_id, super().change_view(request, object_id, form_url, extra_context))

    def history_view(self, request, object_id, extra_context=None):
        return self._logged(request, object_id, super().history_view(request, object_id, extra_context))

    def get_deleted_objects(self, objs, request):
        for row in () if "post" in request.POST else objs:
            log_access(sender=self.model, instance=row)
        return super().get_deleted_objects(objs, request)

    def _logged(self, request, object_id, answer):
        if answer.status_code == 200 and (seen := self.get_object(request, unquote(object_id))):
            log_access(sender=self.model, instance=seen)
        return answer

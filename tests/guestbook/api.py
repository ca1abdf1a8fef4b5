from django.http import HttpRequest
from ninja import Router

from tests.guestbook.models import Note

router = Router()


# Of no county's concern: the description names the calls of the portal itself.
@router.get("/notes", url_name="notes", response=int, include_in_schema=False)
def notes(request: HttpRequest) -> int:
    return Note.objects.count()

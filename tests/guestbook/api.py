from django.http import HttpRequest
from ninja import Router

from tests.guestbook.models import Note

router = Router()


# Not in the OpenAPI schema, which describes only the portal's own API.
@router.get("/notes", url_name="notes", response=int, include_in_schema=False)
def notes(request: HttpRequest) -> int:
    return Note.objects.count()

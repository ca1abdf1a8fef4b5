"""Builds centers with slots; prints the key and the code of one in the middle."""

import sys

import django

django.setup()

from django.db import connection  # noqa: E402

from benchmarks.inside.booking import build  # noqa: E402
from benchmarks.models import BareBooking  # noqa: E402
from centers.models import Center  # noqa: E402


def main(centers: int) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(BareBooking)
    build(first=1, last=centers)
    connection.cursor().execute("ANALYZE")
    middle = Center.objects.select_related("division")[centers // 2]
    print(middle.pk, middle.code)


if __name__ == "__main__":
    main(int(sys.argv[1]))

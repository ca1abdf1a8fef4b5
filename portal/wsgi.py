import os
import sys

from django.core.wsgi import get_wsgi_application

from portal.stack import in_one_chunk

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# Python lets a thread compute for 5 ms before another's turn. A transaction gives up its turn at each statement, and
# while it waits to get it back, whoever wants the same row, or to write to SQLite at all, waits too.
sys.setswitchinterval(0.0005)
application = in_one_chunk(get_wsgi_application())

import os
import sys

from django.core.wsgi import get_wsgi_application

from portal.charset import utf8_only
from portal.stack import in_one_chunk
from portal.statement_limit import limited

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
# The GIL's switch interval is 5 ms. A transaction releases the GIL at each statement, and while it waits to get it
# back, it holds its row locks, or SQLite's write lock, for that much longer.
sys.setswitchinterval(0.0005)
application = in_one_chunk(utf8_only(limited(get_wsgi_application())))

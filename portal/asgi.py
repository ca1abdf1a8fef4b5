import os

from django.core.asgi import get_asgi_application

from portal.charset import utf8_only_asgi
from portal.statement_limit import limited_asgi

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = utf8_only_asgi(limited_asgi(get_asgi_application()))

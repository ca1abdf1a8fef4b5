import os

from django.core.wsgi import get_wsgi_application

from portal.stack import roomy

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = roomy(get_wsgi_application())

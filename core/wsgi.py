"""The WSGI application that gunicorn serves, all of it loaded before its processes part ways."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from core.bodies import check_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
application = check_bodies(get_wsgi_application())
import_module(settings.ROOT_URLCONF)  # and with it every view

"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from core.bodies import check_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
application = check_bodies(get_wsgi_application())

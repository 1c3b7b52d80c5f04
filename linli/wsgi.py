"""The door for web servers."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
application = get_wsgi_application()


def _check_keys() -> None:
    from django.db import connection

    from linli.core.personal_data.key_fingerprints import refuse_wrong_keys

    refuse_wrong_keys()
    # A server may divide itself into processes now, and none may inherit an open connection.
    connection.close()


if not settings.TESTING:
    _check_keys()

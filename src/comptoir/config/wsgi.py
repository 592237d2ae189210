"""The door that granian serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from comptoir.core.loaded import set_loaded_aside

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comptoir.config.settings")
application = get_wsgi_application()
_ = get_resolver().reverse_dict  # every view is imported now, not while somebody waits for the first page
set_loaded_aside()

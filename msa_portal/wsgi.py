"""The WSGI application that gunicorn serves."""

import os

import django

from msa_portal.checks import refuse_unsafe_start
from msa_portal.handler import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "msa_portal.settings")

django.setup(set_prefix=False)
application = Handler()
refuse_unsafe_start()

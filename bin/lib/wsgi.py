"""The WSGI application for gunicorn, made from the file that CKAN_INI names."""

from __future__ import annotations

import os
from logging.config import fileConfig

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

path = os.environ["CKAN_INI"]
fileConfig(path, disable_existing_loggers=False)
application = make_app(CKANConfigLoader(path).get_config())

"""The application as WSGI servers import it: `api.wsgi:app`, settings from the environment."""

import os

from api.app import create_app
from api.settings import InvalidSetting, from_environ

settings = from_environ(os.environ)
if not settings.public_url:
    raise InvalidSetting("FOUNDLING_PUBLIC_URL is needed: the address under which readers reach the API.")
app = create_app(settings)

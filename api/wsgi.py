"""The application as WSGI servers import it: `api.wsgi:app`, settings from the environment."""

import os

from api.app import create_app
from api.settings import from_environ

app = create_app(from_environ(os.environ))

from portal.app import create_app
from portal.cli import install

app = install(create_app())

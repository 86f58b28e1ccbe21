"""`python -m gateway.cli`: the same as `marketplace`."""

from gateway.cli.main import app

app(prog_name="marketplace")

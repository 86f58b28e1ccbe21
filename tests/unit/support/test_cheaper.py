"""What makes a run of tests cheaper is in force."""

import gc

from typer import testing

from gateway.cli.main import app


def test_what_was_collected_is_set_aside_and_the_command_line_is_built_once() -> None:
    assert gc.get_freeze_count() > 0
    build = vars(testing)["_get_command"]
    assert build(app) is build(app)

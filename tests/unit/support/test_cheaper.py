"""What makes a run of tests cheaper is in force."""

import gc
import sys

from hypothesis.internal import constants_ast
from hypothesis.internal.conjecture import providers
from typer import testing

from gateway.cli.main import app
from tests.support.cheaper import ROOT, is_local


def test_what_was_collected_is_set_aside_and_the_command_line_is_built_once() -> None:
    assert gc.get_freeze_count() > 0
    build = vars(testing)["_get_command"]
    assert build(app) is build(app)


def test_hypothesis_finds_the_constants_of_the_same_modules() -> None:
    loaded = [str(file) for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))]
    # not what somebody plugs in from a folder of his own
    files = [file for file in loaded if file.startswith((ROOT, sys.prefix, sys.base_prefix))]

    assert vars(providers)["is_local_module_file"] is is_local
    assert [file for file in files if is_local(file) != constants_ast.is_local_module_file(file)] == []
    assert any(is_local(file) for file in files)

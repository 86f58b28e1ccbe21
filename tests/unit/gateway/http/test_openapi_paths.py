"""What the document says of parts of paths is what the door does with them."""

from __future__ import annotations

import re

from gateway.app import all_routes
from gateway.http.openapi import document


def test_a_part_of_a_path_has_no_slash_and_one_that_has_is_refused_as_said() -> None:
    told = document(all_routes())["paths"]
    texts = 0
    for path, methods in told.items():
        for operation in methods.values():
            parts = [one["schema"] for one in operation["parameters"] if one["in"] == "path"]
            assert ("400" in operation["responses"]) or not parts, path
            for schema in parts:
                if "format" not in schema:
                    texts += 1
                    assert re.search(schema["pattern"], "agent:x/m" + "\\") is None
                    assert re.search(schema["pattern"], "a\\b") is None
                    assert re.search(schema["pattern"], "agent:x m") is not None
    assert texts > 3

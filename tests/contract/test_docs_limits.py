"""docs/analysis.md tells each limit of a document as the code has it."""

from __future__ import annotations

from gateway.intake.limits import DEFAULT_LIMITS
from gateway.intake.refused import REASONS, size
from tests.support.doc_tables import names, rows

#: Text and pages beyond these are cut with a warning, not refused.
CUT = {"max_text_chars", "max_pdf_pages"}


def test_the_table_of_limits_is_the_codes() -> None:
    told = {
        names(name)[0]: (value, names(code))
        for name, value, code, _ in rows("analysis.md", "limit", "value", "refused as", "of what")
    }
    limits = {name: value for name, value in DEFAULT_LIMITS.to_dict().items() if name not in CUT}

    assert {name: value for name, (value, _) in told.items()} == {
        name: size(value) if name.endswith("bytes") else f"{value:,.0f}" for name, value in limits.items()
    }
    assert {code for _, codes in told.values() for code in codes} <= REASONS.keys()

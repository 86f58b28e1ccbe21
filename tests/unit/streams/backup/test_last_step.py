"""What a restore leaves to a person is said."""

from __future__ import annotations

from streams.backup.__main__ import to_resume


def test_webhooks_that_a_restore_paused_are_named() -> None:
    said = to_resume(("crm", "erp"))
    assert "crm, erp" in said
    assert "`marketplace webhooks change NAME --resume`" in said


def test_where_none_is_paused_there_is_no_such_step() -> None:
    assert to_resume(()) == ""

"""Documents for uploads: small, and each another one."""

from __future__ import annotations

from bench.load import documents


def test_each_document_is_another_and_has_its_rows() -> None:
    first, second = documents.report(1, 50), documents.report(2, 50)
    assert first != second
    assert len(first.splitlines()) == 51
    assert {len(line.split(";")) for line in first.splitlines()} == {10}
    orders = [line.split(";")[0] for line in first.splitlines()[1:]]
    assert len(set(orders)) == 50


def test_an_upload_is_a_form_with_the_document_as_its_file() -> None:
    body = documents.form(7, 3).decode()
    assert documents.BOUNDARY in documents.MEDIA
    assert body.startswith(f"--{documents.BOUNDARY}\r\n")
    assert body.endswith(f"--{documents.BOUNDARY}--\r\n")
    assert documents.report(7, 3) in body
    assert 'filename="vendas-7.csv"' in body

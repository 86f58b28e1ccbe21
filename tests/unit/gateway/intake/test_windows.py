"""Texts as Windows of other countries writes them: which encoding it is tells by what it makes of the bytes."""

from pathlib import Path

import pytest

from gateway.intake.readers.decoding import decode
from gateway.intake.readers.pieces import encoding_of
from gateway.intake.readers.windows import windows_encoding

TEXTS = (
    ("Numer zamówienia;Liczba sztuk;Wartość\n1;2;Wysłane", "cp1250"),
    ("Data;Ilość\n1;2", "cp1250"),
    ("Sipariş No;Ürün;Satış Tutarı\n1;Gömlek;50", "cp1254"),
    ("Номер заказа;Количество;Ваша цена;SKU\n1;2;3,00;ABC", "cp1251"),
    ("受注番号,ステータス,商品名,個数\n1,発送済み,Mug,2", "cp932"),
    ("订单号,商品名称,数量,金额\n1,杯子,2,3", "gb18030"),
    ("Descrição;Preço;Situação\nCaneca “Azul” – it’s 3 m³;12;São José; nota¹ às é", "cp1252"),
    ("it’s; don’t; she’s; “x”", "cp1252"),
    ("ÇÃO;PREÇO;SITUAÇÃO;NÃO", "cp1252"),
    ("Größe;Stückzahl;Überweisung;Straße", "cp1252"),
    ("Référence;Désignation;créée;cœur;Noël", "cp1252"),
    ("¿Qué?;Año;Descripción;Categoría", "cp1252"),
    ("Pöntun;Verð;Það;Þór;dagsetning á sölu", "cp1252"),
    ("Mug €12", "cp1252"),
)


@pytest.mark.parametrize(("text", "encoding"), TEXTS)
def test_the_encoding_is_told_by_its_words(text: str, encoding: str, tmp_path: Path) -> None:
    data = text.encode(encoding)
    (tmp_path / "vendas.csv").write_bytes(data)

    assert windows_encoding(data) == encoding
    assert decode(data) == text
    assert encoding_of(tmp_path / "vendas.csv") == encoding


def test_bytes_that_tell_nothing_are_brazils() -> None:
    assert windows_encoding(b"") == "cp1252"
    assert windows_encoding(b"a \x96 b \xe9\x00\xff") == "cp1252"

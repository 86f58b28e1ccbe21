"""Names of columns as a database of TOTVS Protheus has them: `D2_QUANT`, `C6_PRCVEN`, `B1_DESC`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

#: Two characters of the table, and the field's short name.
_FIELD: Final = re.compile(r"^[A-Z][A-Z0-9]_([A-Z0-9]{2,10})$")
_MOST: Final = 0.7
_FEWEST: Final = 4
#: What the fields of sales are, in words that other tables have.
_WORDS: Final = {
    "QUANT": "quantidade",
    "QTDVEN": "quantidade vendida",
    "QTDDEV": "quantidade devolvida",
    "VALDEV": "valor devolvido",
    "PRCVEN": "preço unitário",
    "PRUNIT": "preço de lista",
    "TOTAL": "valor total",
    "VALOR": "valor total",
    "VALBRUT": "valor total bruto",
    "DESCON": "valor do desconto",
    "VALDESC": "valor do desconto",
    "VALFRE": "valor do frete",
    "VALICM": "ICMS",
    "VALIPI": "IPI",
    "EMISSAO": "data de emissão",
    "ENTREG": "data de entrega",
    "DOC": "número da nota",
    "NUM": "número do pedido",
    "PEDIDO": "número do pedido",
    "COD": "código do produto",
    "PRODUTO": "código do produto",
    "DESC": "descrição do produto",
    "DESCRI": "descrição do produto",
    "UM": "unidade de medida",
    "CF": "CFOP",
    "SERIE": "série",
    "FILIAL": "filial",
    "CLIENTE": "código do cliente",
    "NOME": "nome do cliente",
    "VEND1": "vendedor",
    "TES": "tipo de entrada e saída",
}


def in_words(headers: Sequence[str]) -> list[str]:
    """Return the names in words where most are fields of such a database; else as they are."""
    found = [_FIELD.match(header) for header in headers]
    named = [one for one in found if one is not None]
    if len(named) < _FEWEST or len(named) < _MOST * len(headers) or not any(one[1] in _WORDS for one in named):
        return list(headers)
    return [header if one is None else _WORDS.get(one[1], one[1]) for header, one in zip(headers, found, strict=True)]

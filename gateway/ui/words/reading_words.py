"""Say in English what the reader of documents wrote in Portuguese: places in a document, and remarks on its tables.

A reading is stored with its words. On a Portuguese page they stand as they are; on another, the sentences known here
are said in English with the same values, of old readings too. A sentence that is not known stays as it was stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter
from typing import Final

from gateway.ui import i18n

_ON_PAGES: Final = "tabela {} ({})"
#: As a reader writes it, and in English. `{}` is a value: the first stays the first.
PLACES: Final[Mapping[str, str]] = {
    "arquivo separado por “{}”": "file separated by “{}”",
    "planilha “{}”": "sheet “{}”",
    "tabela {} do documento": "table {} of the document",
    "tabela {} do texto": "table {} of the text",
    "tabela {} da página": "table {} of the page",
    _ON_PAGES: "table {} ({})",
    "página {}": "page {}",
    "páginas {} a {}": "pages {} to {}",
    "parágrafo {}": "paragraph {}",
    "linhas {} a {} do texto, separadas por “{}”": "lines {} to {} of the text, separated by “{}”",
}
#: What can follow a place.
HEADER: Final = "{}, cabeçalho na linha {}"
_HEADER: Final = "{}, header in row {}"
#: Words within a place.
_WITHIN: Final = {"tabulação": "tab", "espaços": "spaces"}
REMARKS: Final[Mapping[str, str]] = {
    "{} linha(s) de total, média ou saldo não foram contadas como venda.": (
        "{} row(s) of totals, averages or balances were not counted as sales."
    ),
    "{} linha(s) sem valor (Amount) não entraram na receita.": "{} row(s) without an Amount are not in the revenue.",
    "as colunas não são de uma exportação conhecida; foi lida só como texto, sem números calculados.": (
        "the columns are those of no known export; it was read as text only, and no figure was computed."
    ),
    "as colunas não foram reconhecidas e as linhas ficaram de fora, para que nenhum dado de comprador saia do "
    "documento. Se são vendas, envie a exportação de pedidos do canal em XLSX ou CSV.": (
        "the columns were not recognised, and the rows were left out, so that nothing about buyers leaves the "
        "document. If they are sales, upload the channel's export of orders as XLSX or CSV."
    ),
    "Colunas vistas: {}{}.": "Columns seen: {}{}.",
    "“{}” ({} ao todo) foi lida como frete pago por você; o nome não diz quem paga. Se quem paga é o "
    "comprador, tire essa coluna em “Ver as colunas”: o que sobra é mais na mesma medida.": (
        "“{}” ({} in all) was read as shipping that you paid; its name does not say who pays. If the buyer pays, take "
        "that column away in “Look at the columns”: what is left is more by as much."
    ),
    "“{}” está na receita, pago pelo comprador: não é custo seu, e a receita não é só dos produtos.": (
        "“{}” is in the revenue, paid by the buyer: it is no cost of yours, and the revenue is not of products alone."
    ),
    "{} linha(s) não foram contadas como venda: a coluna “{}” diz que são de outra natureza.": (
        "{} row(s) were not counted as sales: the column “{}” says that they are something else."
    ),
    "{} linha(s) sem data, sem produto e sem número de pedido não foram contadas como venda: podem ser totais. "
    "Confira-as no documento (linha {}).": (
        "{} row(s) without a date, a product and an order number were not counted as sales: they may be totals. Check "
        "them in the document (row {})."
    ),
    "{} linha(s) com valor negativo foram tiradas da receita, sem contar unidades: nada diz que são devoluções.": (
        "{} row(s) with a negative amount were taken from the revenue, without counting units: nothing says that they "
        "are returns."
    ),
    "O documento não diz a moeda; pelo idioma e pelas colunas, os valores foram lidos como reais (R$).": (
        "The document does not say the currency; by its language and columns the amounts were read as reais (R$)."
    ),
    "O documento não diz a moeda; quem o enviou disse que os valores são em {}.": (
        "The document does not say the currency; whoever uploaded it said that the amounts are in {}."
    ),
    "O documento não diz a moeda: os valores aparecem sem ela e nenhum ganho em reais foi calculado.": (
        "The document does not say the currency: amounts are shown without one, and no gain in reais was computed."
    ),
    "{} linha(s) em {} ficaram de fora: os números são só das vendas em {}.": (
        "{} row(s) in {} were left out: the figures are of the sales in {} only."
    ),
    "Nenhuma coluna diz quantas unidades foram vendidas: cada linha foi contada como uma unidade, pelo seu preço.": (
        "No column says how many units were sold: each row was counted as one unit, at its price."
    ),
    "Nenhum texto da coluna “{}” diz o que foi feito do pedido: cancelamentos e devoluções são desconhecidos.": (
        "No text of the column “{}” says what became of the order: cancellations and returns are unknown."
    ),
    "A tabela não diz de qual canal é cada venda; envie um arquivo por canal ou inclua a coluna “Canal”.": (
        "The table does not say of which channel each sale is; upload one file a channel, or add a column “Canal”."
    ),
    "Só as primeiras {} de {} páginas foram lidas; se há vendas nas outras, elas não foram contadas.": (
        "Only the first {} of {} pages were read; if there are sales on the others, they were not counted."
    ),
}


def place(stored: str) -> str:
    """Say where in a document something stands."""
    if i18n.current() == "pt_BR":
        return stored
    header = _pattern(HEADER).fullmatch(stored)
    inner = header[1] if header else stored
    for written, english in PLACES.items():
        if found := _pattern(written).fullmatch(inner):
            inner = english.format(*(_said_within(written, value) for value in found.groups()))
            break
    return _HEADER.format(inner, header[2]) if header else inner


def _said_within(written: str, value: str) -> str:
    """Say a value of a place that is words of ours, too; what a sheet is called is the document's own."""
    if written == _ON_PAGES:
        return place(value)
    return value if written.startswith("planilha") else _WITHIN.get(value, value)


def remark(stored: str) -> str:
    """Say what was remarked when a table was read."""
    if i18n.current() == "pt_BR":
        return stored
    where, parted, rest = stored.partition(": ")
    if parted and place(where) != where:
        return f"{place(where)}: {remark(rest)}"
    for written, english in REMARKS.items():
        if found := _pattern(written).fullmatch(stored):
            return english.format(*found.groups())
    return stored


def _pattern(written: str) -> re.Pattern[str]:
    parts = [(re.escape(text), field) for text, field, _, _ in Formatter().parse(written)]
    return re.compile("".join(text + ("" if field is None else "(.*?)") for text, field in parts), re.DOTALL)

"""The words by which a text states a figure, in Portuguese and English, folded (no accents, lower case)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from schemas.channels import CHANNELS


@dataclass(frozen=True, slots=True)
class Metric:
    """What a name means beside an amount of money, a share or a count; "" where it means none."""

    key: str
    words: str
    money: str = ""
    share: str = ""
    count: str = ""


#: More special names stand before those that are a part of them.
METRICS: Final = (
    # what is left of revenue after taxes is another figure than what the channel pays out: it means nothing here
    Metric("net_revenue", r"receita liquida|faturamento liquido|net (?:revenue|sales)"),
    Metric("net", r"valor liquido recebido|liquido recebido|repasse liquido|net receipts", "net_receipts"),
    Metric(
        "ticket",
        r"ticket medio|valor medio (?:do|por) pedido|average (?:ticket|order value)|\baov\b",
        "average_ticket",
    ),
    Metric(
        "cancelled",
        r"(?:taxa|indice|percentual) de cancelament\w*|cancelament\w+|pedidos cancelados|cancell?ation(?: rate|s)?|"
        r"cancell?ed orders",
        "cancelled_revenue",
        "cancellation_rate",
        "cancelled_orders",
    ),
    Metric(
        "returned",
        r"(?:taxa|indice|percentual) de devoluc\w+|devoluc(?:ao|oes)|unidades devolvidas|return rate|"
        r"returned units|\breturns\b",
        "refunds",
        "return_rate",
        "returned_units",
    ),
    Metric("refunds", r"reembols\w+|estornos?|refunds?", "refunds"),
    Metric("ads", r"(?:vendas|receita) por (?:publicidade|anuncios)|advertising share", "", "advertising_share"),
    Metric("discount", r"desconto medio|average discount", "", "discount_depth"),
    Metric(
        "shipping",
        r"custos? (?:de|com) (?:frete|envio)|\bfretes?|shipping(?: costs?)?|freight",
        "shipping_cost",
        "shipping_share",
    ),
    Metric(
        "fees",
        r"tarifas(?: do canal)?|comissoes|comissao|marketplace fees|\bfees\b|commissions?",
        "fees",
        "fee_share",
    ),
    Metric(
        "revenue",
        r"receitas?(?: total| bruta)*|faturamento(?: total| bruto)*|vendas totais|"
        r"total(?: geral)? (?:d[ea]s? vendas|vendido)|"
        r"volume de vendas|valor (?:total )?(?:de vendas|vendido)|total (?:sales|revenue)|revenue|gross sales|\bgmv\b|"
        r"(?<=em )vendas|vendas(?= (?:somaram|totalizaram|foram de|:))",
        "revenue",
    ),
    Metric("orders", r"(?:total|numero|quantidade) de pedidos|pedidos|(?:total |number of )?orders", count="orders"),
    Metric("units", r"unidades(?: vendidas)?|itens vendidos|pecas vendidas|units(?: sold)?|items sold", count="units"),
)

SCALES: Final = {
    "mil": 1e3, "k": 1e3, "mi": 1e6, "m": 1e6, "milhao": 1e6, "milhoes": 1e6, "million": 1e6,
    "bilhao": 1e9, "bilhoes": 1e9,
}  # fmt: skip

#: A sentence with one of these does not say what was sold.
SKIPPED: Final = re.compile(
    r"\b(?:metas?|objetivo|previs\w+|projec\w+|projet\w+|esperad\w+|estimad\w+|estimativa|potencial|simul\w+|"
    r"orcad\w+|poderi\w+|pode(?:m)? chegar|deve(?:m|ra|mos)?\b|concorrent\w+|benchmark|media do (?:mercado|setor)|"
    r"se (?:a|o|as|os) |economi\w+|targets?|goals?|forecast|expected|estimated|competitors?|could|should|would|if we)"
)
#: Between a name and its number: the number is a part's, not the whole's.
PART: Final = re.compile(
    r"\b(?:categorias?|produtos?|sku\w*|linhas?|por (?:produto|loja|dia|mes|semana|hora|pedido|unidade|cliente|estado)|"
    r"colec\w+|marcas?|clientes?|regiao|estados?|kits?|campanhas?|cupom|cupons|diari\w+|mensa\w+|semana\w+|"
    r"category|products?|per (?:day|month|week|order|unit)|brand|customers?|region|state|daily|monthly|weekly|"
    r"cresc\w+|ca(?:iu|iram)|subi\w+|aument\w+|reduz\w+|dimin\w+|grew|rose|fell|increas\w+|decreas\w+|variac\w+|mais|menos)\b"
)
#: Right before a name: the figure is that of the best or the worst of several.
EXTREME: Final = re.compile(
    r"\b(?:maior(?:es)?|menor(?:es)?|melhor(?:es)?|pior(?:es)?|highest|lowest|largest|smallest|best|worst)"
    r"(?: (?:em|in|de|of))? $"
)
#: Before a count with nothing else beside it: it does not say of what, as below the name of one product.
OF_SOMETHING: Final = re.compile(r"\W*(?:quantidade|qtde?|quantity|qty|cantidad)\W*")
#: Right after a number: the same.
BEFORE_PART: Final = re.compile(
    r"\s*(?:por|per|/|ao|a cada|na categoria|no produto|com o produto|a mais|a menos|acima|abaixo|maior|menor|p\.p|"
    r"pontos?|points?|higher|lower|more|less)(?:\b|\s|$)"
)
#: A number that is not meant to the cent.
ROUNDED: Final = re.compile(
    r"\b(?:cerca|quase|aproximadamente|em torno|por volta|mais de|acima de|menos de|ate|ao redor|about|around|almost|"
    r"over|nearly|approximately|up to|under)\b|[~≈]"
)
#: The figure of another time.
NOT_OF_NOW: Final = re.compile(
    r"\b(?:anterior(?:es)?|passad[oa]s?|mesmo (?:periodo|mes|trimestre)|contra|ante|frente a|versus|vs|last|previous|"
    r"prior)\b"
)
#: After a count: not all of them.
AFTER_COUNT: Final = re.compile(
    r"\s*(?:por\b|/|ao\b|a mais|a menos|em atraso|atrasad|pendent|cancelad|devolvid|abert|nao |sem |com |"
    r"d[aoe]s? (?!periodo|mes|trimestre|ano|total)|per\b|pending|late|returned|cancel|open|with|without)"
)
CHANNEL: Final = re.compile(
    "|".join(
        rf"(?P<{channel}>\b(?:{words})\b)"
        for channel, words in {
            "mercado_livre": "mercado ?livre|meli",
            "shopee": "shopee",
            "amazon": "amazon",
            "magalu": "magalu|magazine luiza",
            "tiktok_shop": "tik ?tok(?: shop)?",
            "americanas": "americanas",
            "shein": "shein",
            "own_store": "loja propria|site proprio|own store",
        }.items()
        if channel in CHANNELS
    )
)

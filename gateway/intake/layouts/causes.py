"""Classifies why a sale came back or was cancelled, from the marketplace's own text, which is not kept."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.distinct import by_distinct
from gateway.intake.values import classify

OTHER: Final = "other"
#: kind -> words of its texts, folded. First match wins: what is told for certain comes before what may be said aside.
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "size": (
        r"tamanho",
        r"numeracao",
        r"\bsize\b",
        r"\bfit\b",
        r"nao serv",
        r"(pequen|grande|larg|apertad)\w* demais",
        r"\btoo (small|large|big)",
    ),
    "no_stock": (r"estoque", r"out of stock", r"no stock"),
    "used": (r"marcas? de uso", r"signs? of use"),
    "bad_condition": (r"nao esta em boas condicoes",),
    "good_condition": (r"em boas condicoes", r"good condition"),
    "packaging": (
        r"(caixa|embalagem|lacre|caja).*(danific|aberta|dana|amassad|rasgad)",
        r"(package|box|seal).*damaged",
    ),
    "wrong_item": (
        r"(produto|item|modelo|cor|variacao) (errad|trocad)",
        r"\boutro produto",
        r"wrong (item|product|variation)",
        r"enviou errado",
        r"diferentes? daquele enviado",
    ),
    "incomplete": (r"faltand", r"faltam?\b", r"incomplet", r"\bmissing\b", r"a menos"),
    "defect": (
        r"defeit|quebrad|danific|avaria|estragad|amassad|rasgad",
        r"nao funciona",
        r"damaged|defective|faulty|broken|not work",
    ),
    "not_as_described": (
        r"diferente d[ao]",
        r"nao (corresponde|condiz|bate)",
        r"descricao|anunciado|falsific",
        r"not as described|quality|qualidade|counterfeit",
    ),
    "late": (
        r"atras|demor|\bprazo\b|extravi|perdid",
        r"nao (foi )?(recebi|chegou|entreg|enviad)",
        r"undeliverable|never arrived|missed estimated|\blate\b|delay|\blost\b|not (received|delivered|shipped)",
    ),
    "payment": (r"pagamento|nao pag|payment|unpaid",),
    "order_change": (r"modificar|alterar|cupom|voucher|endereco|address|(change|edit).*order",),
    "regret": (
        r"arrepend|desist|(mudou|mudei) de ideia|nao (quer|precis)",
        r"unwanted|accidental|no longer|chang\w+ (of|my) mind|by mistake|por engano|sem querer",
        r"(melhor|menor) preco|(better|lower) price|cheaper",
    ),
}
CAUSES: Final = (*_WORDS, OTHER)
#: What the buyer himself took for another is nothing that was sent wrong.
_BEFORE: Final = [(r"ordered wrong|(comprei|pedi|comprou|pediu) (o )?(\w+ )?errad", "regret")]
_RULES: Final = [*_BEFORE, *(("|".join(words), cause) for cause, words in _WORDS.items())]


def cause_of(text: pl.Series | None) -> pl.Series | None:
    """Return the kind of cause that each text names, `other` for one of its own, null where there is none."""
    return None if text is None else by_distinct(text, _causes)


def _causes(text: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"text": text})
    said = pl.col("text").str.contains(r"\p{L}")
    spaced = pl.col("text").str.replace_all("_", " ", literal=True)  # `NOT_AS_DESCRIBED`
    return frame.select(pl.when(said).then(classify(spaced, _RULES, OTHER)).alias(text.name)).to_series()

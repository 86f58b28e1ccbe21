"""The rule about why products come back: one step for each cause that counts."""

from __future__ import annotations

from typing import Any, Final

from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import capital, listing, percent, plural
from streams.analysis.rules.rate import rate_of
from streams.analysis.rules.view import View

#: Returns that a cause has to have, for a step of its own.
MIN_ROWS: Final = 5
#: Causes that get a step.
_MOST: Final = 3

#: cause -> its name, and what to do about it
_TOLD: Final[dict[str, tuple[str, str, str]]] = {
    "size": (
        "tamanho",
        "Pôr a tabela de medidas no anúncio de {skus}",
        "Medir as peças e mostrar a tabela em uma das primeiras fotos; dizer se a forma é pequena ou grande.",
    ),
    "packaging": (
        "embalagem danificada",
        "Reforçar a embalagem de {skus}",
        "Trocar a caixa ou o enchimento e fazer um teste de queda; contestar o que se danificou no transporte.",
    ),
    "bad_condition": (
        "produto em mau estado na volta",
        "Contestar as devoluções em mau estado de {skus}",
        "Fotografar o que volta no dia em que chega e contestar com as fotos o que o comprador estragou.",
    ),
    "used": (
        "marcas de uso",
        "Contestar as devoluções com uso de {skus}",
        "Fotografar o que volta no dia em que chega e contestar com as fotos o que foi usado.",
    ),
    "good_condition": (
        "voltou em boas condições",
        "Revender o que voltou bom de {skus}",
        "Devolver ao estoque o que está em ordem; ler as perguntas e completar o anúncio, pois não havia defeito.",
    ),
    "wrong_item": (
        "produto trocado",
        "Conferir a separação de {skus}",
        "Conferir código e variação na separação, com leitor ou lista, e separar na prateleira os que se parecem.",
    ),
    "incomplete": (
        "faltou uma parte",
        "Conferir o conteúdo de {skus} antes de fechar a caixa",
        "Escrever a lista do que vai em cada caixa e conferi-la na embalagem; dizer no anúncio o que vem junto.",
    ),
    "defect": (
        "defeito",
        "Conferir o lote de {skus} e falar com o fornecedor",
        "Pausar o anúncio, testar uma amostra do estoque e pedir ao fornecedor troca ou crédito do lote ruim.",
    ),
    "not_as_described": (
        "diferente do anúncio",
        "Corrigir as fotos e o texto de {skus}",
        "Comparar o produto com fotos, cor, material e medidas do anúncio e corrigir o que engana.",
    ),
    "late": (
        "atraso ou extravio",
        "Rever o envio de {skus}",
        "Antecipar o horário de corte e trocar a modalidade ou a transportadora das regiões com mais atraso.",
    ),
    "regret": (
        "arrependimento",
        "Responder no anúncio de {skus} o que faz desistir",
        "Ler as perguntas e avaliações, dizer no anúncio para quem o produto serve e para quem não serve.",
    ),
}


def return_causes(view: View) -> Finding | None:
    """Find the causes that many returns share. No worth of its own: the rule of returns has it."""
    figure = view.figure("returns_by_cause")
    if figure is None:
        return None
    causes: dict[str, dict[str, Any]] = {
        cause: told
        for cause, told in figure.detail.get("causes", {}).items()
        if cause in _TOLD and told["rows"] >= MIN_ROWS
    }
    if not causes:
        return None
    first, *_ = causes
    name, _, _ = _TOLD[first]
    shares = [f"{_TOLD[cause][0]} {percent(told['share'], 0)}" for cause, told in list(causes.items())[:_MOST]]
    return found(
        view,
        "return-causes",
        title=f"Tratar a principal causa das devoluções: {name}",
        what=(
            f"{capital(listing(shares))} de {plural(figure.value, 'devolução', 'devoluções')} com motivo. "
            "Cada causa pede um remédio diferente; comece pela maior."
        ),
        evidence=[
            view.evidence(
                "returns_by_cause",
                f"{capital(_TOLD[cause][0])}: {_share(told, figure.value)}; mais em {listing(told['skus'])}",
                value=float(told["rows"]),
                skus=list(told["skus"]),
            )
            for cause, told in causes.items()
        ],
        priority="normal",
        steps=[
            Step(1, _TOLD[cause][1].format(skus=listing(told["skus"])), _TOLD[cause][2])
            for cause, told in list(causes.items())[:_MOST]
        ],
    )


def _share(told: dict[str, Any], returns: float) -> str:
    return rate_of(float(told["share"]), {"successes": told["rows"], "trials": returns}).told("devoluções")

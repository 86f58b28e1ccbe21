"""The rule about the channel's reputation limits: how near, how many more bad orders fit, which products cause it."""

from __future__ import annotations

from typing import Final

from schemas.facts import Figure
from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import listing, number, percent, plural
from streams.analysis.rules.view import View

#: From this part of a limit on it is worth a warning.
NEAR: Final = 0.75

#: figure -> its name, and what to do first
_TOLD: Final[dict[str, tuple[str, str, str]]] = {
    "recent_claims": (
        "devoluções e reclamações",
        "Resolver as reclamações abertas de {skus}",
        "Responder hoje, propor troca ou reembolso antes da mediação e pedir a exclusão das que não são culpa sua.",
    ),
    "recent_cancellations": (
        "cancelamentos",
        "Acertar o estoque de {skus} para não cancelar",
        "Conferir o estoque anunciado com o da prateleira e pausar o que não há; só contam os que você cancela.",
    ),
}
_LATE: Final = "recent_late_dispatch"


def reputation(view: View) -> Finding | None:
    """Find that claims or cancellations are near the channel's limit, or above. No worth: a risk."""
    near = {metric: one for metric in _TOLD if (one := view.figure(metric)) is not None and _is_near(one)}
    if not near:
        return None
    worst = max(near, key=lambda metric: near[metric].value / near[metric].detail["limit"])
    figure, (name, _, _) = near[worst], _TOLD[worst]
    is_over = int(figure.detail["room"]) < 0
    limit = percent(figure.detail["limit"])
    evidence = [view.evidence(metric, _told(one, _TOLD[metric][0])) for metric, one in near.items()]
    late = view.figure(_LATE)
    if late is not None and _is_near(late):
        evidence.append(
            view.evidence(
                _LATE,
                f"Postados depois de 2 dias: {percent(late.value)} dos pedidos (limite de atraso: "
                f"{percent(late.detail['limit'], 0)}); o arquivo não diz o prazo de cada um, confira no painel",
            )
        )
    blame = f" Mais em {listing(figure.skus)}." if figure.skus else ""
    return found(
        view,
        "reputation",
        title=f"Proteger a reputação: {name} {'podem estar acima' if is_over else 'perto'} do limite de {limit}",
        what=(
            f"{_told(figure, name)}. {_distance(int(figure.detail['room']))}{blame} O arquivo não diz de quem foi a "
            "culpa: confira no painel do canal quantos contam para você."
        ),
        evidence=evidence,
        priority="high" if is_over else "normal",
        steps=[
            Step(1, _TOLD[metric][1].format(skus=listing(one.skus)), _TOLD[metric][2]) for metric, one in near.items()
        ],
    )


def reputation_notes(view: View) -> list[str]:
    """Return how many more bad orders fit where no finding tells it, and where each limit was read."""
    notes = []
    for metric, (name, _, _) in _TOLD.items():
        one = view.figure(metric)
        if one is None:
            continue
        far = "" if _is_near(one) else f"{_told(one, name)}. {_distance(int(one.detail['room']))} "
        notes.append(
            f"Reputação: {far}O limite de {name} foi lido em {one.detail['source']}; confira no painel do canal."
        )
    return notes


def _is_near(figure: Figure) -> bool:
    return figure.value > 0 and figure.value >= float(figure.detail["limit"]) * NEAR


def _told(figure: Figure, name: str) -> str:
    told = figure.detail
    orders = plural(told["trials"], "pedido", "pedidos")
    return (
        f"{name[0].upper()}{name[1:]}: até {number(told['successes'])} de {orders} "
        f"nos últimos {number(told['days'])} dias ({percent(figure.value)}; limite {percent(told['limit'])})"
    )


def _distance(room: int) -> str:
    if room < 0:
        return f"Para voltar ao limite seriam precisos mais {plural(-room, 'pedido', 'pedidos')} sem problema."
    if room == 0:
        return "Não cabe mais nenhum até o limite."
    return f"Até o limite {'cabe' if room == 1 else 'cabem'} mais {number(room)}."

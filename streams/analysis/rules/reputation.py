"""The rule about the channel's reputation limits: how near, how many more bad orders fit, which products cause it."""

from __future__ import annotations

from typing import Final

from schemas.facts import Figure
from streams.analysis.rules.finding import Finding, Step, found
from streams.analysis.rules.formats import capital, listing, number, percent, plural
from streams.analysis.rules.rate import wilson
from streams.analysis.rules.upkeep import slow_dispatch
from streams.analysis.rules.view import View

#: From this part of a limit on it is worth a warning.
NEAR: Final = 0.75

#: figure -> its name, what to do first, and what the export does not tell of it
_TOLD: Final[dict[str, tuple[str, str, str, str]]] = {
    "recent_claims": (
        "devoluções e reclamações",
        "Resolver as reclamações abertas de {skus}",
        "Responder hoje, propor troca ou reembolso antes da mediação e pedir a exclusão das que não são culpa sua.",
        "O arquivo não diz de quem foi a culpa: confira no painel do canal quantos contam para você.",
    ),
    "recent_cancellations": (
        "cancelamentos",
        "Acertar o estoque de {skus} para não cancelar",
        "Conferir o estoque anunciado com o da prateleira e pausar o que não há; só contam os que você cancela.",
        "O arquivo não diz de quem foi a culpa: confira no painel do canal quantos contam para você.",
    ),
    "recent_late_dispatch": (
        "postagens depois de 2 dias",
        "Postar no prazo os pedidos de {skus}",
        "Conferir no painel o prazo de cada pedido, definir o horário de corte e separar duas vezes por dia.",
        "O arquivo não diz o prazo de cada pedido: confira no painel do canal quantos atrasaram.",
    ),
}
_LATE: Final = "recent_late_dispatch"
#: Nobody but the seller judges it.
_OWN_STORE: Final = "own_store"


def reputation(view: View) -> Finding | None:
    """Find that claims, cancellations or late dispatch are near the channel's limit, or above. No worth: a risk.

    Late dispatch alone is a low one: no export tells by when an order had to be sent.
    """
    near = _near(view)
    if not near or _is_told_as_slow(view, near):
        return None
    judged = {metric: one for metric, one in near.items() if metric != _LATE} or near
    worst = max(judged, key=lambda metric: near[metric].value / near[metric].detail["limit"])
    figure, (name, _, _, unknown) = near[worst], _TOLD[worst]
    is_over = int(figure.detail["room"]) < 0
    limit = percent(figure.detail["limit"])
    return found(
        view,
        "reputation",
        title=f"Proteger a reputação: {name} {'podem estar acima' if is_over else 'perto'} do limite de {limit}",
        what=f"{_told(figure, name)}. {_distance(int(figure.detail['room']))}{_blame(figure)} {unknown}",
        evidence=[view.evidence(metric, _told(one, _TOLD[metric][0])) for metric, one in near.items()],
        priority="low" if worst == _LATE else "high" if is_over else "normal",
        steps=[
            Step(1, _TOLD[metric][1].format(skus=listing(one.skus)), _TOLD[metric][2]) for metric, one in judged.items()
        ],
    )


def reputation_notes(view: View) -> list[str]:
    """Return how many more bad orders fit where no finding tells it, and where each limit was read; or that none is."""
    near, notes = _near(view), []
    told = {} if _is_told_as_slow(view, near) else near
    for metric, (name, _, _, unknown) in _TOLD.items():
        one = view.figure(metric)
        if one is None:
            continue
        far = "" if metric in told else f"{_told(one, name)}. {_distance(int(one.detail['room']))}{_blame(one)} "
        where = f"O limite de {name} foi lido em {one.detail['source']}; confira no painel do canal."
        notes.append(f"Reputação: {far}{where}{f' {unknown}' if metric == _LATE else ''}")
    if not notes and view.channel != _OWN_STORE and view.value("cancellation_rate") is not None:
        notes.append(
            f"Reputação: nenhum limite foi conferido. Não conhecemos os de {view.name}, ou há poucos pedidos para que "
            "o canal os julgue."
        )
    return notes


def _near(view: View) -> dict[str, Figure]:
    """Return the figures near their limit, or above, by metric."""
    return {metric: one for metric in _TOLD if (one := view.figure(metric)) is not None and _is_near(one)}


def _is_told_as_slow(view: View, near: dict[str, Figure]) -> bool:
    """Say whether dispatch alone is near its limit and another finding tells of it already."""
    return list(near) == [_LATE] and slow_dispatch(view) is not None


def _is_near(figure: Figure) -> bool:
    return figure.value > 0 and figure.value >= float(figure.detail["limit"]) * NEAR


def _told(figure: Figure, name: str) -> str:
    told = figure.detail
    low, high = wilson(float(told["successes"]), float(told["trials"]))
    orders = plural(told["trials"], "pedido", "pedidos")
    return (
        f"{capital(name)}: até {number(told['successes'])} de {orders} "
        f"nos últimos {number(told['days'])} dias ({percent(figure.value)}, pelo acaso de {percent(low)} a "
        f"{percent(high)}; limite {percent(told['limit'])})"
    )


def _blame(figure: Figure) -> str:
    return f" Mais em {listing(figure.skus)}." if figure.skus else ""


def _distance(room: int) -> str:
    if room < 0:
        return f"Para voltar ao limite seriam precisos mais {plural(-room, 'pedido', 'pedidos')} sem problema."
    if room == 0:
        return "Não cabe mais nenhum até o limite."
    return f"Até o limite {'cabe' if room == 1 else 'cabem'} mais {number(room)}."

"""Returns from earlier documents: which orders came back and why, for the channel's next sales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from schemas.channels import channel_name

#: The most rows of returns that are stored of one channel of a document; with more none is stored, and a remark says
#: so.
MAX_RETURNED: Final = 20_000
KEPT: Final = (
    "Devoluções de {channel} ({rows} linhas com número de pedido): são usadas na próxima análise das vendas desse "
    "canal, pelo número do pedido e pelo SKU."
)
TOO_MANY: Final = (
    "As devoluções de {channel} não foram guardadas para a próxima análise das vendas: são {rows} linhas, e o limite é "
    "{most}. Envie um período menor."
)
USED: Final = (
    "{found} de {orders} pedidos estão no documento de devoluções enviado em {day}: os motivos foram lidos dele. "
    "Nenhuma taxa de devolução foi calculada por isso: não se sabe se ele traz todas as devoluções destes dias."
)
WITHOUT_CAUSE: Final = (
    "{found} de {orders} pedidos estão no documento de devoluções enviado em {day}, que não diz os motivos. Nenhuma "
    "taxa de devolução foi calculada por isso: não se sabe se ele traz todas as devoluções destes dias."
)
UNCLEAR: Final = (
    "De {orders} pedido(s) do documento de devoluções enviado em {day} não se sabe qual item voltou: não foram usados."
)


@dataclass(frozen=True, slots=True)
class ReturnedBefore:
    """A channel's returns in an earlier document: its plan, the day of its upload, and its rows."""

    channel: str
    plan_id: str
    day: str  # ISO date
    rows: Sequence[Sequence[str]]  # order, SKU ("": not told), status, cause ("": not told)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON-able data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ReturnedBefore:
        """Read what `to_dict` wrote."""
        return cls(**data)

    @property
    def told(self) -> dict[str, dict[str, str]]:
        """Return the reference that a figure holds, by which pages open the plan and an erasure finds the figure."""
        return {self.channel: {"plan_id": self.plan_id, "day": self.day}}


def told_of(returned: dict[str, list[list[str]]], too_many: dict[str, int]) -> list[str]:
    """Return the remarks on what is stored for the next analysis, and what is not."""
    said = [KEPT.format(channel=channel_name(channel), rows=_n(len(rows))) for channel, rows in returned.items()]
    return said + [
        TOO_MANY.format(channel=channel_name(channel), rows=_n(rows), most=_n(MAX_RETURNED))
        for channel, rows in too_many.items()
    ]


def written(iso: str) -> str:
    """Return a day as people write it."""
    return "/".join(reversed(iso.split("-")))


def _n(number: int) -> str:
    return f"{number:,}".replace(",", ".")

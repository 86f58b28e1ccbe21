"""Guess a column's field from its cells alone, whatever its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from gateway.intake.dates import are_months, moments
from gateway.intake.layouts.counted import as_counted, counts_units, decimal_mark
from gateway.intake.layouts.dictionary import MONEY
from gateway.intake.layouts.status import SENT
from gateway.intake.layouts.status_abroad import CANCELLED_ABROAD, OF_ORDERS_ABROAD, RETURNED_ABROAD, UNPAID_ABROAD
from gateway.intake.layouts.yearless import are_yearless
from gateway.intake.tables import NUMBER_MARK
from gateway.intake.values import folded, numbers
from gateway.intake.words import currency_spoken

#: Rows that are looked at: the first ones, so that an order's rows stay together.
SAMPLE_ROWS: Final = 400

_STATUS: Final = (
    r"cancel|entreg|enviad|pag[oa]\b|pago|conclu|aprovad|pendente|aguardando|devol|reembols|faturad|finaliz|atendid|"
    r"^ok$|shipped|delivered|complet|paid|pending|processing|refund|return|devuelt|unpaid|closed|em aberto|em transito|"
    r"preparando|confirmad|confirmed|hoan thanh|hoan tra|tra hang|da giao|da huy|selesai|batal|dikirim|dikembalikan|"
    r"separacao|autorizad|expirad|void|"
    r"on.hold|transit|anulad|pagad[oa]|despachad|accepted|fulfilled|pendiente|cobrad[oa]|"
    r"annul|livree?\b|expediee?\b|rembours|payee?\b|stornier|versand|versendet|geliefert|zugestellt|erstatt|spedit|"
    r"recebid|recibid|\breceived\b|"
    r"consegnat|completat|rimbors|approv|authori[sz]|refus|declin|waiting|reject|aprobad|rechaz|recusad|accredited|"
    rf"{CANCELLED_ABROAD}|{UNPAID_ABROAD}|{RETURNED_ABROAD}|{OF_ORDERS_ABROAD}"
)
_CHANNEL: Final = (
    r"mercado[ _-]?(li[vb]re|shops)|\bmeli\b|^ml\b|\bmlb\b|shopee|amazon|\bamz\b|magalu|magazine[ _-]?luiza|"
    r"tik[ _-]?tok|americanas|b2w|shein|loja[ _-]?propria|own[ _-]?store|e-?commerce|loja virtual|shopify|"
    r"nuvemshop|vtex|woocommerce|^site\b|flipkart|lazada"
)
_PERSONAL: Final = (
    r"[^\s@]+@[^\s@]+\.[a-z]|^\d{3}\.\d{3}\.\d{3}-\d{2}$|^\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}$|"
    r"^\(?\d{2}\)?\s?9?\d{4}-?\d{4}$|^\+\d{1,3}[\s(]?\d|^(rua|av\.?|avenida|travessa|alameda|rodovia)\s"
)
#: `SO - 000101` is one, too, and so is a number that a program wrote as letters of base 64 (`kZ3-x9Q==`).
_CODE: Final = r"^(?i)#?[a-z0-9][a-z0-9._/|#-]*(={1,2}| - \d+)?$"
_MONEY: Final = r"\d[.,]\d{1,2}\D*$|\p{Sc}|^(?i)-?(rp|rm|us|r)\b"
_LISTING: Final = r"^(in)?(ativo|activo|active)a?$|^pausad[oa]$|^paused$|^esgotad[oa]$|^sem estoque$"
_LONGEST_CHANNEL: Final = 40
_LONGEST_CURRENCY: Final = 20
#: So many different texts at most are statuses where only some of them have a word that is known.
_STATUSES: Final = 30
#: How well days without a year fit a date: the name has to say that it is one.
_YEARLESS: Final = 0.9
_YES_NO: Final = r"^(s|n|si|sim|nao|yes|no|y|true|false|verdadeiro|falso|0|1|x)$"
_ANY: Final = pl.all().str
#: What is asked of cells as they are, and of folded ones.
_OF_TEXT: Final = {
    "letters": _ANY.contains(r"\p{L}"),
    "percent": _ANY.contains(r"%\s*$"),
    "code": _ANY.contains(_CODE),
    "mixed_code": _ANY.contains(_CODE) & _ANY.contains(r"[A-Za-z]") & _ANY.contains(r"\d"),
    "short": _ANY.len_chars() <= 2,
    "long": _ANY.len_chars() > 50,
    "hashed": _ANY.contains(r"^#\d{3,}$"),
    "nested": _ANY.contains(r"^\s*(\[?\{|\[\]$)"),
    "floated": _ANY.contains(r"^\d+\.0$"),
    "money": _ANY.contains(_MONEY),
}
#: What an order that was cancelled is called, and no product (`Fone com cancelamento de ruído`).
_CANCELLED: Final = (
    r"^((o |a )?(pedido|venda|compra|order|orden|venta) )?(foi |was |fue )?"
    rf"((cancelad[oa]|cancell?ed|anulad[oa]|storniert|annulee?)\b|{CANCELLED_ABROAD})"
)
_OF_PLAIN: Final = {
    "status": _STATUS,
    "cancelled": _CANCELLED,
    "yes_no": _YES_NO,
    "personal": _PERSONAL,
    "listing": _LISTING,
    "sent": SENT,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares (0..1) of a column's filled cells that look like something."""

    filled: int
    number: float = 0.0
    whole: float = 0.0
    negative: float = 0.0
    percent: float = 0.0
    date: float = 0.0
    months: bool = False
    yearless: bool = False  # days without a year
    counted_date: bool = False  # days or seconds since a day, if it is a date at all
    distinct: float = 0.0
    values: int = 0
    letters: float = 0.0
    code: float = 0.0
    mixed_code: float = 0.0  # letters and digits in one word
    status: float = 0.0
    cancelled: float = 0.0  # words of an order that was cancelled
    sent: float = 0.0  # words of an order that was sent or invoiced
    channel: float = 0.0
    currency: float = 0.0
    yes_no: float = 0.0
    short: float = 0.0
    long: float = 0.0
    personal: float = 0.0
    listing: float = 0.0  # states of a listing, not of an order
    hashed: float = 0.0  # `#1001`, as shops number their orders
    nested: float = 0.0  # a program's list or record, `[{"id": 1}]`, `[]`
    floated: float = 0.0  # whole numbers as programs of statistics write them: `150040.0`
    money: float = 0.0  # written with cents or with a currency
    median: float = 0.0
    maximum: float = 0.0
    rising: bool = False
    #: The number of each row that was looked at, null where its cell has none.
    amounts: pl.Series = field(default_factory=pl.Series, compare=False, repr=False)


def profiles(frame: pl.DataFrame, headers: Sequence[str] = ()) -> list[Profile]:
    """Return the profile of each column, from the first rows; the names tell which columns count units.

    All columns are asked one question, then the next: only a few dozen patterns stay compiled, and compiling one takes
    longer than looking for it.
    """
    cells = frame.head(SAMPLE_ROWS).cast(pl.String)
    if not cells.width:
        return []
    bare = cells.select(pl.all().str.strip_chars_start(NUMBER_MARK))
    shares = _shares(bare)
    parted = bare.select(pl.all().str.contains(r"[-/:]").any()).row(0)
    units = {index for index, header in enumerate(headers) if counts_units(header)}
    mark = decimal_mark(frame) if units else ""
    amounts = [numbers(as_counted(one, mark) if index in units else one) for index, one in enumerate(cells)]
    filled = [column.drop_nulls() for column in bare]
    dates = [moments(column) for column in filled]
    asked = zip(filled, amounts, dates, parted, shares, strict=True)
    return [_profile(*told) if len(told[0]) else Profile(0) for told in asked]


def _profile(cells: pl.Series, amounts: pl.Series, dates: pl.Series, parted: bool, shares: dict[str, float]) -> Profile:
    count, unique = len(cells), cells.n_unique()
    known = amounts.drop_nulls()
    number = len(known) / count
    middle, top = (known.median(), known.max()) if len(known) else (0.0, 0.0)
    return Profile(
        count,
        number=number,
        whole=float((known == known.round(0)).sum()) / max(1, len(known)),
        negative=float((known < 0).sum()) / max(1, len(known)),
        date=(count - dates.null_count()) / count,
        months=are_months(cells),
        yearless=are_yearless(cells),
        counted_date=number > 0.9 and not parted,
        distinct=unique / count,
        values=unique,
        currency=float(sum(map(_is_currency, cells.to_list()))) / count,
        median=float(str(middle or 0)),
        maximum=float(str(top or 0)),
        rising=count > 2 and bool((known.diff().drop_nulls() == 1).all()) and len(known) == count,
        amounts=amounts,
        **shares,
    )


def _is_currency(cell: str) -> bool:
    return len(cell) <= _LONGEST_CURRENCY and currency_spoken(cell) is not None


def _shares(bare: pl.DataFrame) -> list[dict[str, float]]:
    """Return, for each column, the shares of its cells that a pattern tells."""
    plain = bare.select(folded(pl.all()))
    told = {name: bare.select(question.mean()).row(0) for name, question in _OF_TEXT.items()}
    told |= {name: plain.select(pl.all().str.contains(pattern).mean()).row(0) for name, pattern in _OF_PLAIN.items()}
    is_channel = plain.select(pl.all().str.contains(_CHANNEL))
    short = bare.select(pl.all().str.len_chars() <= _LONGEST_CHANNEL)
    told["channel"] = tuple((one & other).mean() for one, other in zip(is_channel, short, strict=True))
    return [{name: float(shares[index] or 0.0) for name, shares in told.items()} for index in range(bare.width)]


def fit(field: str, profile: Profile) -> float:
    """Return how well the cells fit a field, 0..1; a column without cells fits none."""
    if not profile.filled or (profile.personal > 0.3 and field not in ("at", "order_id", "sku", *MONEY)):
        return 0.0
    if field in MONEY:
        return _money(field, profile)
    return _FITS[field](profile)


def _money(field: str, profile: Profile) -> float:
    if profile.number < 0.5 or profile.percent > 0.3 or (profile.date > 0.8 and not profile.counted_date):
        return 0.0
    if field in ("discount", "fees") and 0 < profile.maximum <= 1 and profile.whole < 1:
        return 0.3  # a rate: `0.2` for 20 %
    if field in ("revenue", "price") and profile.rising and profile.money < 0.5:  # a counter has no cents
        return 0.2
    if field == "price" and profile.negative > 0.3:
        return 0.5
    return min(1.0, 0.2 + profile.number)


def _units(profile: Profile) -> float:
    if profile.number < 0.5 or profile.percent > 0.3 or (profile.date > 0.8 and not profile.counted_date):
        return 0.0
    if profile.rising and profile.filled > 5:
        return 0.3
    return 1.0 if profile.whole > 0.9 and profile.number > 0.8 else 0.7


#: `jul/25` below `Data` is a month: it stands for its first day.
_MONTHLY: Final = 0.9


def _moment(profile: Profile) -> float:
    if profile.months:
        return _MONTHLY
    if profile.yearless:
        return _YEARLESS
    if profile.counted_date and profile.date < 0.8:
        return 0.0
    return profile.date if profile.date > 0.3 else 0.0


def _identity(profile: Profile) -> float:
    if profile.date > 0.8 and not profile.counted_date:
        return 0.0
    if profile.number > 0.9 and profile.whole < 0.7:
        return 0.7 if profile.distinct > 0.9 else 0.2
    if profile.filled > 20 and profile.values < 3:
        return 0.3
    return 1.0


def _sku(profile: Profile) -> float:
    """Return how well the cells fit a SKU. A shop may have one product: its code stands in every row."""
    if profile.code > 0.5 and profile.filled > 20 and profile.values < 3:
        return 1.0
    return _identity(profile) * (1.0 if profile.code > 0.5 else 0.8)


def _order(profile: Profile) -> float:
    if profile.money > 0.5 and profile.number > 0.5 and profile.floated < 1:
        return 0.2  # an amount with cents
    few = profile.filled > 20 and profile.distinct < 0.05
    lettered = profile.letters > 0.9 and (profile.code < 0.5 or profile.mixed_code < 0.1)  # words number nothing
    return _identity(profile) * (0.4 if few or lettered else 1.0)


def _title(profile: Profile) -> float:
    if profile.date > 0.5 or profile.nested > 0.5:
        return 0.0
    if profile.number > 0.9:
        return 0.5
    return 1.0 if profile.letters > 0.5 else 0.5


def _status(profile: Profile) -> float:
    if profile.number > 0.5 or profile.date > 0.5 or (profile.filled > 100 and profile.distinct > 0.5):
        return 0.0
    if profile.status > 0.3 or (profile.status > 0 and profile.filled > 20 and profile.values <= _STATUSES):
        return 1.0
    return 0.3 if profile.short > 0.8 else 0.75


_FITS: Final[dict[str, Callable[[Profile], float]]] = {
    "order_id": _order,
    "sku": _sku,
    "title": _title,
    "at": _moment,
    "dispatched": _moment,
    "status": _status,
    "units": _units,
    "returned_units": lambda profile: 0.0 if profile.money > 0.5 else _units(profile),
    "advertised": lambda profile: 1.0 if profile.yes_no > 0.8 else 0.0,
    "channel": lambda profile: 1.0 if profile.channel > 0 else 0.0,
    "currency": lambda profile: 1.0 if profile.currency > 0.5 else 0.0,
    "year": lambda profile: 1.0 if profile.number > 0.9 and 1990 <= profile.median <= 2100 else 0.0,
    "month": lambda profile: (
        1.0 if profile.months or (profile.number > 0.9 and profile.whole > 0.9 and 1 <= profile.maximum <= 12) else 0.0
    ),
    "day": lambda profile: 1.0 if profile.number > 0.9 and profile.whole > 0.9 and profile.maximum <= 31 else 0.0,
}

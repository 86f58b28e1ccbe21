"""Detect tables whose cells stand under other columns' names, as after a paste one or two columns off."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import polars as pl

from gateway.intake.layouts.claims import Claim
from gateway.intake.layouts.columns import Columns
from gateway.intake.layouts.content import Profile, profiles
from gateway.intake.layouts.guesses import UNSURE, Assignment
from gateway.intake.layouts.lost_numbers import are_lost
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import words
from gateway.intake.words import fold

#: A name that fits one thing so well is a claim about the cells.
_CLAIMS: Final = 0.6
#: So many contradictions are no accident, and one is none where the names fit the cells beside.
_SEVERAL: Final = 2
_MOST: Final = 0.8
_FEW: Final = 0.2
_HALF: Final = 0.5
#: So many different texts at most tell which stock a row is of.
_KINDS: Final = 30
#: Years of sales.
_YEARS: Final = (1990, 2100)
_BY_CONCEPT: Final = {
    **dict.fromkeys(("price", "revenue", "fees", "shipping", "refund", "discount"), Claim.AMOUNT),
    **dict.fromkeys(("_cost", "_tax", "_packaging", "_list_price"), Claim.AMOUNT),
    **dict.fromkeys(("units", "returned_units", "_stock"), Claim.COUNT),
    **dict.fromkeys(("at", "dispatched"), Claim.DAY),
    **dict.fromkeys(("title", "order_id", "sku", "status", "channel", "_person"), Claim.NAME),
    "year": Claim.YEAR,
}
#: A unit of measure or of a company: such a name may be of texts.
_NO_COUNT: Final = frozenset(("unidade", "unidad", "unit", "un", "und", "unid"))
#: Fewer cells than this, in a column that is mostly blank, are a note below the header.
_ROWS: Final = 3
#: So sure are units with which price and total agree.
_AGREED: Final = 0.9
#: Words of a name of an export's column that numbers things, and of one that does so whether it is read or not.
_KEYS: Final = frozenset(("asin",))
_CODES: Final = _KEYS | {"id"}
#: Words of a name that tells in which way something was paid.
_WAYS: Final = frozenset(("forma", "meio", "medio", "metodo", "metode", "method"))
#: Words of a name that says that days stand below it, whatever they are of.
_DAYS: Final = frozenset(("data", "date", "fecha", "dia", "day", "tanggal", "datum"))
#: Words of a name that tells of parts of a whole: weight, volume, length.
MEASURES: Final = r"\b(kgs?|k?ilos?|quilos?|gr?|gramas?|peso|weight|lbs?|l|litros?|m|m2|metros?|horas?|hours?)\b"
MISPLACED: Final = (
    "Os nomes das colunas não combinam com o que há embaixo deles ({columns} coluna(s); “{column}”, por exemplo, tem "
    "{cells}). As células podem estar uma coluna ao lado do cabeçalho: nenhum número foi calculado. Corrija o arquivo, "
    "ou diga em “Ver as colunas” o que é cada coluna."
)
ODD_UNITS: Final = (
    "A coluna “{column}” tem valores com centavos, e nada confirma que são quantidades: as unidades não foram "
    "contadas. Se são quantidades, diga isso em “Ver as colunas”."
)
#: What the cells are, as a person is told it.
DAYS: Final = "datas"
TEXTS: Final = "textos"
AMOUNTS: Final = "valores com centavos"
NUMBERS: Final = "números"
SHARES: Final = "porcentagens"
CODES: Final = "códigos"


@dataclass(frozen=True, slots=True)
class Misplaced:
    """The remarks on a table whose header does not fit its rows."""

    told: str

    def put(self, assignment: Assignment) -> Assignment:
        """Return the guesses as ones that a person has to confirm."""
        guesses = {
            name: replace(guess, confidence=min(guess.confidence, UNSURE)) for name, guess in assignment.guesses.items()
        }
        return replace(assignment, guesses=guesses)


def displaced(headers: Sequence[str], profiles: list[Profile], shown: Sequence[str]) -> Misplaced | None:
    """Return what is told where the header surely does not fit the rows, by its names alone.

    Of one column it is an accident, unless all names fit the cells beside them.
    """
    claims = {
        index: claim
        for index, header in enumerate(headers)
        if (claim := _claim(header)) and not _tells_whose(header, profiles[index])
    }
    told = _contradicted(claims, profiles)
    found = {index: instead for index, instead in told.items() if not _says_more(headers[index], profiles[index])}
    return _said(found, shown) if len(found) >= _SEVERAL or (found and _fits_beside(claims, profiles)) else None


def displaced_export(columns: Columns, frame: pl.DataFrame, shown: Sequence[str]) -> Misplaced | None:
    """Return a warning if the rows do not fit the known export of the header, which has one form.

    `frame`: the rows before any was left out. A day is a day there, and a number that names things no text.
    """
    claims = {int(name): _claim_of_export(columns, int(name)) for name in frame.columns}
    claims = {index: claim for index, claim in claims.items() if claim}
    cells = frame.select([str(index) for index in claims])
    seen = dict(zip(claims, profiles(cells, [columns.headers[index] for index in claims]), strict=True))
    told = {index: one for index, one in seen.items() if one.filled >= _ROWS or one.filled * 2 > frame.height}
    found = _contradicted({index: claims[index] for index in told}, told)
    found |= {index: TEXTS for index, one in told.items() if claims[index] == Claim.DAY and one.date < _FEW}
    codes = [index for index, one in told.items() if claims[index] == Claim.CODE and one.code < _FEW]
    found |= {index: TEXTS for index in codes if not are_lost(cells[str(index)])}
    return _said(found, shown) if found else None


def _claim_of_export(columns: Columns, index: int) -> str:
    """Return what the column has to be: as it is asked for, and numbers of units and of things by their names."""
    header, asked = columns.headers[index], columns.asked.get(index, "")
    if asked == Claim.AMOUNT:
        return Claim.COUNT if _claim(header) == Claim.COUNT else Claim.AMOUNT
    if asked == Claim.DAY:
        return Claim.DAY
    return Claim.CODE if (_CODES if asked else _KEYS) & set(words(header)) else ""


def without_odd_units(assignment: Assignment, headers: Sequence[str]) -> tuple[Assignment, list[str]]:
    """Take a column of amounts with cents for no units, whatever it is called, and say so.

    What is sold by weight or length is counted so, and what price and total agree with is sure.
    """
    guess = assignment.guesses.get("units")
    if guess is None or guess.by in ("person", "agent") or guess.confidence >= _AGREED:
        return assignment, []
    header = headers[guess.index]
    if not _instead(Claim.COUNT, assignment.profiles[guess.index]) or re.search(MEASURES, fold(header)):
        return assignment, []
    guesses = {name: one for name, one in assignment.guesses.items() if name != "units"}
    others = assignment.others | {guess.index: "_odd"}
    return replace(assignment, guesses=guesses, others=others), [ODD_UNITS.format(column=header)]


def _said(found: Mapping[int, str], shown: Sequence[str]) -> Misplaced:
    index = min(found)
    return Misplaced(MISPLACED.format(columns=len(found), column=shown[index], cells=found[index]))


def _fits_beside(claims: Mapping[int, str], profiles: list[Profile]) -> bool:
    """Say whether all names fit the cells one or two columns beside, or from some column on one beside.

    The last is what a column leaves that was taken out of the rows, so that the last one is blank, or put into them, so
    that the last has no name that claims anything. Of the many places where that may be one fits by accident: two more
    names have to be borne out there.
    """
    own, last = _kept(claims, profiles), len(profiles) - 1
    rows = [(profiles[by:] + profiles[:by], 1 if abs(by) == 1 else _SEVERAL) for by in (1, -1, 2, -2)]
    for place in range(1, last):
        head, tail = profiles[:place], profiles[place:]
        rows += [(head + tail[1:] + tail[:1], _SEVERAL)] if last not in claims else []
        rows += [(head + tail[-1:] + tail[:-1], _SEVERAL)] if not tail[-1].filled else []
    return any(_kept(claims, row) >= own + more and not _contradicted(claims, row) for row, more in rows)


def _claim(header: str) -> str:
    named = concepts(header) if header else {}
    best = max(named, key=lambda name: named[name], default="")
    if best == "_payment":  # a lone `Pagamento` may be a day, or an amount
        return Claim.NAME if _WAYS & set(words(header)) else ""
    if named.get(best, 0.0) < _CLAIMS or (best in ("units", "price") and fold(header) in _NO_COUNT):
        return ""
    return _BY_CONCEPT.get(best, "")


def _says_more(header: str, profile: Profile) -> bool:
    """Say whether days stand below a name that also says that they are (`receipt_date`), or a program's records."""
    return profile.nested > _HALF or (_are_days(profile) and bool(_DAYS & set(words(header))))


def _tells_whose(header: str, profile: Profile) -> bool:
    """Say whether a column called after a stock tells in a few words of which one each row is: `Estoque`, `Novo`."""
    few = profile.values <= _KINDS and profile.values * _SEVERAL <= profile.filled
    return profile.letters > _HALF and few and concepts(header).get("_stock", 0.0) >= _CLAIMS


def _contradicted(claims: Mapping[int, str], profiles: Mapping[int, Profile] | list[Profile]) -> dict[int, str]:
    told = ((index, _instead(claim, profiles[index])) for index, claim in claims.items())
    return {index: instead for index, instead in told if instead}


def _kept(claims: Mapping[int, str], profiles: list[Profile]) -> int:
    """Return how many claims the cells bear out, and not only allow."""
    return sum(_bears_out(claim, profiles[index]) for index, claim in claims.items())


def _bears_out(claim: str, profile: Profile) -> bool:
    match claim:
        case Claim.AMOUNT:
            return profile.number > _MOST and profile.money > _HALF
        case Claim.COUNT:
            return profile.number > _MOST and profile.whole > _MOST and not _are_days(profile)
        case Claim.DAY:
            return _are_days(profile)
        case Claim.YEAR:
            return profile.number > _MOST and _YEARS[0] <= profile.median <= _YEARS[1]
        case _:
            return profile.letters > _HALF


def _are_days(profile: Profile) -> bool:
    return profile.date > _MOST and not profile.counted_date


def _instead(claim: str, profile: Profile) -> str:
    """Return what the cells are where they cannot be what is claimed; empty where they may be that."""
    if not profile.filled:
        return ""
    match claim:
        case Claim.AMOUNT | Claim.COUNT:
            return _no_number(claim, profile)
        case Claim.DAY:
            return _no_day(profile)
        case Claim.YEAR:
            known = profile.number < _FEW or _YEARS[0] <= profile.median <= _YEARS[1] or profile.date > _HALF
            return "" if known else NUMBERS
        case _:
            return DAYS if _are_days(profile) else _cents(profile)


def _no_number(claim: str, profile: Profile) -> str:
    if profile.percent > _HALF:
        return SHARES
    if _are_days(profile):
        return DAYS
    if profile.number < _FEW:
        return TEXTS
    return _cents(profile) if claim == Claim.COUNT else ""


def _cents(profile: Profile) -> str:
    cents = profile.number > _MOST and profile.whole < _HALF and profile.money > _HALF
    return AMOUNTS if cents else ""


def _no_day(profile: Profile) -> str:
    if profile.date > _FEW or profile.months or profile.yearless:
        return ""
    if profile.number > _MOST:
        return NUMBERS
    return CODES if profile.mixed_code > _MOST else ""

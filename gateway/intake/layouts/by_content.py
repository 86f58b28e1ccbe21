"""Assigns columns to fields by name and cells together, checked against other columns where possible."""

from __future__ import annotations

from typing import Final

import polars as pl

from gateway.intake.fields import LABELS
from gateway.intake.layouts.agreement import checked
from gateway.intake.layouts.by_weight import priced_by_weight
from gateway.intake.layouts.cards import without_cards
from gateway.intake.layouts.channel_words import CHANNEL_WORDS
from gateway.intake.layouts.content import SAMPLE_ROWS, Profile, fit, profiles
from gateway.intake.layouts.counters import without_counters
from gateway.intake.layouts.guesses import ADDED, SURE, Assignment, Guess
from gateway.intake.layouts.mapping import Mapped
from gateway.intake.layouts.matching import concepts
from gateway.intake.layouts.names import words
from gateway.intake.layouts.no_products import without_no_products
from gateway.intake.layouts.spent_beside import without_spent
from gateway.intake.layouts.till_closings import closed_tills
from gateway.intake.layouts.whose_numbers import APART, CALLED, are_of_products, are_of_rows
from gateway.intake.values import classify_folded, folded
from schemas.facts import GuessedBy

#: What cells alone may be worth, without a name: never enough for a title, which could be a person's name.
_DATES_ALONE: Final = 0.62
_CODES_ALONE: Final = 0.61
_NUMBERS_ALONE: Final = 0.63
_WORDS_ALONE: Final = 0.8
#: Less than a weak name with such words has.
_STATUS_ALONE: Final = 0.65
#: Of so few rows all may have one status.
_FEW: Final = 20
#: A status, a channel or a code that no name tells stands in so many of the rows, with so many different texts at most.
_MOST: Final = 0.9
_STATUSES: Final = 30
#: Where the name has a word for it (`status_alias`), so many of the cells are enough: each shop has words of its own.
_MANY: Final = 0.5
#: What is named after a channel, and tells by which way it was paid, who counts the stock or from whom it was bought.
_OF_CHANNELS: Final = ("_payment", "_paid", "_stock_other", "_supplier")
#: What only a way to the shop is called, and no place where things are sold. TikTok may be either.
_WAYS_HERE: Final = (
    r"(?i)^(google( ads)?|bing|adwords|organic|org[aâ]nico|referral|cpc|ppc|newsletter|e-?mail|utm_\w+)$"
)
_EITHER: Final = "tiktok_shop"
#: One marketplace that is in so many of the cells is no mistake.
_OFTEN: Final = 0.1
_SEVERAL: Final = 2
_NOTHING: Final = Mapped()
#: From this fit on cells do not contradict what an agent takes a column for.
_AGREES: Final = 0.5
_PERSONAL: Final = 0.3
#: A person's document has so many digits, or more.
_NO_PERSONS: Final = 10_000_000
#: A SKU that less than this share of the rows has is a little worse than one that all have.
_HALF: Final = 0.5
_SPARSE: Final = 0.8
#: So is a cost that is zero in all rows: `Desconto item` beside `Desconto pedido`.
_ZERO: Final = 0.9
_COSTS: Final = ("fees", "shipping", "refund", "discount")
#: A name that is one thing so well is nothing that is said less well than this.
_WHOLE: Final = 0.95
_PART: Final = 0.65
#: A name of a day that may come after that of the sale is less sure to be the sale's.
_LATER: Final = 0.97
#: Words of a name of days on which nothing was sold: they are to come, or of a person, or of what is sold.
_OTHER_DAYS: Final = frozenset(
    (
        *("previsao", "prevista", "previsto", "estimada", "estimado", "estimated", "expected", "forecast", "prevision"),
        *("vencimento", "vencimiento", "due", "validade", "validez", "caducidad", "expiry", "expiration", "expires"),
        *("nascimento", "nacimiento", "birth", "birthday", "entrega", "delivery", "prazo", "deadline"),
        *("publicacao", "publicado", "publicada", "publicacion", "publication", "published", "publish"),
        *("fabricacao", "fabricacion", "atualizacao", "updated", "cadastro", "registered", "signup"),
    )
)
#: Videos and listings were shown from such a day on.
_SHOWN: Final = "发布"


def assign(headers: list[str], frame: pl.DataFrame, mapped: Mapped = _NOTHING) -> Assignment:
    """Return the best assignment of fields to columns. What a person `mapped` stands.

    What an agent proposes stands where the cells agree; else it is as if it had not said so.
    """
    seen = without_counters(profiles(frame, headers), headers)
    given = {
        name: index
        for name, index in mapped.fields.items()
        if name not in mapped.proposed or _may_be(name, seen[index], headers[index])
    }
    found = {name: Guess(index, 1.0, "agent" if name in mapped.proposed else "person") for name, index in given.items()}
    guesses, others = _greedy(headers, seen, found, mapped.ignored | mapped.added)
    guesses = _of_sales(_of_items(_of_worth(guesses, seen), others, seen), others, frame.head(SAMPLE_ROWS))
    guesses = without_no_products(without_cards(guesses, headers), others, frame.head(SAMPLE_ROWS))
    others = {i: name for i, name in others.items() if i not in given.values()}
    apart = dict.fromkeys(mapped.ignored, "_ignored") | others | dict.fromkeys(mapped.added, ADDED)
    assignment = Assignment(guesses, apart, seen)
    if not given:
        assignment = without_spent(closed_tills(priced_by_weight(assignment, headers), headers), headers)
    return assignment if {"revenue", "price"} & given.keys() else checked(assignment, headers, frame.head(SAMPLE_ROWS))


def _of_worth(guesses: dict[str, Guess], seen: list[Profile]) -> dict[str, Guess]:
    """Drop costs of a weak name that are whole numbers above what is sold: `Entrega` may number a parcel."""
    worth = max((seen[guesses[name].index].maximum for name in ("revenue", "price") if name in guesses), default=0.0)
    return {
        name: guess
        for name, guess in guesses.items()
        if name not in _COSTS
        or guess.by != "name"
        or guess.confidence >= CALLED
        or not 0 < worth < seen[guess.index].median
        or min(seen[guess.index].whole, 1 - seen[guess.index].money) < _MOST
    }


def _of_items(guesses: dict[str, Guess], others: dict[int, str], seen: list[Profile]) -> dict[str, Guess]:
    """Drop a SKU that is none for sure where no row is of an item: a list of orders, each with its buyer or state.

    Codes that only their cells call one are tracking codes, hashes, or who sold it; a `Reference` that no two rows
    share is the order's.
    """
    code = guesses.get("sku")
    items = [guesses[name] for name in ("title", "units", "price") if name in guesses]
    if code is None or code.by not in ("name", "content") or any(one.confidence >= SURE for one in items):
        return guesses
    orders = "status" in guesses or {"_person", "_payment", "_delivery"} & set(others.values())
    unsure = code.confidence < CALLED and bool(orders) and seen[code.index].distinct > APART
    return {name: guess for name, guess in guesses.items() if name != "sku" or not (unsure or code.by == "content")}


def _of_sales(guesses: dict[str, Guess], others: dict[int, str], frame: pl.DataFrame) -> dict[str, Guess]:
    """Drop a channel that tells by which way buyers came (`google`, `organic`), and an `ID` that is the product's.

    It is the product's beside a stock, too. Their names could be of both; one that can be nothing else is believed.
    """
    if are_of_rows(guesses, frame):
        guesses = {name: guess for name, guess in guesses.items() if name != "sku"}
    channel, order, sku = (guesses.get(name) for name in ("channel", "order_id", "sku"))
    dropped = set[str]()
    unsure = channel is not None and channel.by in ("name", "content") and channel.confidence < CALLED
    if channel is not None and unsure and _are_ways(frame.to_series(channel.index).cast(pl.String).drop_nulls()):
        dropped.add("channel")
    if order is not None and sku is not None and order.by == "name" and order.confidence < CALLED:
        same = frame.to_series(order.index) == frame.to_series(sku.index)
        if "_stock" in others.values() or float(str(same.mean() or 0)) >= _MOST:
            dropped.add("order_id")
    if order is not None and sku is None and are_of_products(guesses, frame):
        return {name: guess for name, guess in guesses.items() if name != "order_id"} | {
            "sku": Guess(order.index, _CODES_ALONE, "content")
        }
    return {name: guess for name, guess in guesses.items() if name not in dropped}


def _are_ways(cells: pl.Series) -> bool:
    """Say whether cells tell by which way buyers came: most of them do so.

    Where two marketplaces are named, or one often, they are where things were sold, and `Google` is the shop's own.
    """
    if int(cells.str.contains(_WAYS_HERE).sum()) * 2 <= len(cells):
        return False
    texts = cells.to_frame("text").select(folded(pl.col("text")))
    named = texts.select(classify_folded(pl.col("text"), CHANNEL_WORDS, None)).to_series().drop_nulls()
    places = named.filter(named != "own_store")
    often = int((places != _EITHER).sum()) >= len(cells) * _OFTEN
    return places.n_unique() < _SEVERAL and not often


def _may_be(name: str, profile: Profile, header: str) -> bool:
    """Say whether a column's cells can be what an agent takes it for. Fields of goods are amounts, rates or days."""
    if profile.personal > _PERSONAL or _other(concepts(header), profile)[0] in ("_person", "_place"):
        return False
    if name in LABELS:
        return fit(name, profile) >= _AGREES
    return (profile.date if name in ("since", "counted_on") else profile.number) >= _AGREES


def _greedy(
    headers: list[str], seen: list[Profile], given: dict[str, Guess], ignored: frozenset[int]
) -> tuple[dict[str, Guess], dict[int, str]]:
    offers: list[tuple[float, int, str, GuessedBy]] = []
    others: dict[int, str] = {}
    most = max((profile.filled for profile in seen), default=0)
    is_told = any(
        one.status > _MANY and "status" in concepts(header) for header, one in zip(headers, seen, strict=True)
    )
    for index, (header, profile) in enumerate(zip(headers, seen, strict=True)):
        named = concepts(header)
        other, rival = _other(named, profile)
        named = _said(named)
        best = 0.0
        coupon = other == "_coupon" and rival >= CALLED  # its name has words of orders and discounts, and is of none
        for name in () if coupon else named.keys() & LABELS.keys():
            score = named[name] * fit(name, profile) * (1.0 if named[name] >= rival else 0.5)
            # `Estado - Envío` is a part of the country where another column of states tells of orders
            score *= _HALF if name == "status" and is_told and not profile.status else 1.0
            score *= 0.0 if name == "refund" and other == "_cancelled_at" and _is_flag(profile) else 1.0
            # the day of the payment, where that of the sale stands beside
            score *= _LATER if name == "at" and other == "_delivery" else 1.0
            score *= _SPARSE if name == "sku" and profile.filled < most * _HALF else 1.0
            score *= _ZERO if name in _COSTS and _is_zero(profile) else 1.0
            best = max(best, score)
            offers.append((score, index, name, "name"))
        if other and rival > best:
            others[index] = other
        unnamed = best < 0.3 and not other
        offers += _by_cells(profile, index, header, other, unnamed=unnamed)
        if unnamed and _is_called_status(named, profile):
            offers.append((_STATUS_ALONE, index, "status", "content"))
    everywhere = (("status", "content"), ("channel", "content"), ("sku", "content"))
    offers = [one for one in offers if one[2:] not in everywhere or seen[one[1]].filled >= most * _MOST]
    order = list(LABELS)
    offers.sort(key=lambda offer: (-round(offer[0], 6), offer[1], order.index(offer[2])))
    guesses = dict(given)
    taken = {guess.index for guess in given.values()} | ignored
    for score, index, name, by in offers:
        if score > 0.2 and name not in guesses and index not in taken:
            guesses[name] = Guess(index, round(score, 2), by)
            taken.add(index)
            others.pop(index, None)
    return guesses, others


def _is_called_status(named: dict[str, float], profile: Profile) -> bool:
    """Say whether a part of the name says that these are statuses, and half of the cells are words of orders."""
    return "status" in named and profile.status > _MANY and 1 < profile.values <= _STATUSES and profile.listing == 0


def _is_flag(profile: Profile) -> bool:
    """Say whether a column says yes or no by 1 and 0: `Cancelado` is no amount then."""
    return min(profile.number, profile.whole) >= _MOST and profile.maximum <= 1


def _is_zero(profile: Profile) -> bool:
    """Say whether a column of amounts has nothing but zeros."""
    return profile.number >= _MOST and profile.maximum == 0 and not profile.negative


def _has_cancelled(profile: Profile) -> bool:
    """Say whether some of the texts say that an order was cancelled, whatever the others say of theirs."""
    comes_again = profile.values > 1 and profile.distinct <= _MANY
    tells = 0 < profile.cancelled <= _MANY and profile.listing == 0  # what is active or paused is an offer
    return tells and profile.letters > _MOST and comes_again


def _said(named: dict[str, float]) -> dict[str, float]:
    """Drop what only a part of a name says, where the whole says another thing: `Canal de venda` numbers no sale."""
    whole = max(named.values(), default=0.0)
    return named if whole < _WHOLE else {name: fit for name, fit in named.items() if fit >= _PART}


def _other(named: dict[str, float], profile: Profile) -> tuple[str, float]:
    """Return the best concept that is no field; cells that look like a buyer's details are one whatever their name."""
    if profile.personal > 0.5 and not _is_number_of(named, profile):
        return "_person", 1.1
    scores = {name: score for name, score in named.items() if name.startswith("_")}
    if named.get("order_id", 0.0) >= SURE and profile.whole * profile.number > _MOST and profile.maximum < _NO_PERSONS:
        scores.pop("_person", None)  # `Documento` of a till: a person's has more digits
    told = "status" in named and profile.status > 0 and profile.values <= _STATUSES  # no state is called `Cancelado`
    if told or profile.status > 0.5 or profile.channel > 0.5:
        scores = {name: score for name, score in scores.items() if name not in ("_place", "_shop")}
    if "_returned_at" in scores and profile.date < _HALF and (profile.yes_no > _HALF or profile.distinct < _HALF):
        scores.pop("_returned_at")  # `Devolvido` says whether a row came back, or how much of it, and not when
    best = max(scores, key=lambda name: scores[name], default="")
    return best, scores.get(best, 0.0)


def _is_number_of(named: dict[str, float], profile: Profile) -> bool:
    """Say whether cells that could be phones are the numbers that the name says: ten digits and nothing else."""
    called = max(named.get("order_id", 0.0), named.get("sku", 0.0))
    return called >= CALLED and min(profile.number, profile.code) > 0.9


def _by_cells(
    profile: Profile, index: int, header: str, other: str, *, unnamed: bool
) -> list[tuple[float, int, str, GuessedBy]]:
    if profile.hashed > _MOST and other in ("", "_person"):  # `Name` of Shopify, in a table of one's own
        return [(_NUMBERS_ALONE, index, "order_id", "content")]
    if other == "_person" or not profile.filled:
        return []
    offers: list[tuple[float, int, str, GuessedBy]] = []
    if profile.channel > 0.8 and profile.values <= 50 and other not in _OF_CHANNELS:  # `woocommerce_card` pays
        offers.append((_WORDS_ALONE, index, "channel", "content"))
    if profile.currency > 0.9 and profile.values <= 10:
        offers.append((_WORDS_ALONE, index, "currency", "content"))
    same = profile.values == 1 and profile.filled > _FEW  # `Incidências` that are `OK` in all rows tell nothing
    if unnamed and not same and profile.values <= _STATUSES and (profile.status > _MOST or _has_cancelled(profile)):
        offers.append((_STATUS_ALONE, index, "status", "content"))
    told = profile.date > 0.9 and not profile.counted_date and profile.long < _HALF  # no text that tells a day in it
    if unnamed and told and not _OTHER_DAYS & set(words(header)) and _SHOWN not in header:
        offers.append((_DATES_ALONE, index, "at", "content"))
    if unnamed and profile.mixed_code > 0.8 and profile.filled > 2 and profile.values > 1:
        offers.append((_CODES_ALONE, index, "sku", "content"))
    return offers

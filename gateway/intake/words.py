"""Normalises single words of a document for comparing, and recognises currencies by sign or code.

It needs no library that reads tables, so that a process which opens no document starts without one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

#: Symbols and codes of currencies, in capitals -> the code. A bare `$` could be many: it names none.
CURRENCIES: Final[dict[str, str]] = {
    "R$": "BRL", "US$": "USD", "US $": "USD", "U$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD",
    "AR$": "ARS", "MX$": "MXN", "CLP$": "CLP", "COL$": "COP", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "NT$": "TWD",
    "€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY", "S/": "PEN", "S/.": "PEN", "REAIS": "BRL",
    "RP": "IDR", "RP.": "IDR", "RM": "MYR", "₫": "VND", "Đ": "VND", "VNĐ": "VND", "฿": "THB", "₱": "PHP",
    "ZŁ": "PLN", "₺": "TRY", "TL": "TRY", "KČ": "CZK", "₽": "RUB", "РУБ": "RUB", "РУБ.": "RUB", "円": "JPY",
    "₦": "NGN", "₩": "KRW", "₪": "ILS", "₴": "UAH", "৳": "BDT", "KSH": "KES", "KSH.": "KES",
} | {
    code: code
    for code in (
        "BRL", "USD", "EUR", "GBP", "INR", "JPY", "CNY", "ARS", "MXN", "CLP", "COP", "PEN", "UYU", "PYG", "BOB", "CAD",
        "AUD", "NZD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "TRY", "ZAR", "KRW", "SGD", "HKD", "TWD", "THB",
        "IDR", "MYR", "PHP", "VND", "AED", "SAR", "ILS", "PKR", "BDT", "LKR", "EGP", "NGN", "KES", "RUB", "UAH", "RON",
        "QAR", "KWD", "MAD",
    )
}  # fmt: skip
#: Currencies as they are said, folded. A bare peso, dollar, rupee or crown could be of many countries: it names none.
_SPOKEN: Final[dict[str, str]] = {
    word: code
    for code, said in {
        "BRL": "real, reais, real brasileiro, brazilian real",
        "USD": "us dollar, us dollars, dolar americano, dolar eua, dolares americanos, american dollar",
        "EUR": "euro, euros",
        "GBP": "pound sterling, british pound, libra esterlina",
        "TRY": "lira, turk lirasi, turkish lira",
        "IDR": "rupiah",
        "MYR": "ringgit",
        "THB": "baht",
        "VND": "dong, viet nam dong",
        "JPY": "yen",
        "CNY": "yuan, renminbi, rmb",
        "INR": "indian rupee, indian rupees",
        "PLN": "zloty, zlote, zlotych",
        "MXN": "peso mexicano, mexican peso",
        "ARS": "peso argentino, argentine peso",
        "CLP": "peso chileno, chilean peso",
        "COP": "peso colombiano, colombian peso",
    }.items()
    for word in said.split(", ")
}
_BETWEEN: Final = re.compile(r"[()\[\]{}/,;:|-]+")
#: Cells of a column that answers a question of its name, in lower case.
YES: Final = ("sim", "s", "si", "sí", "yes", "y", "true", "verdadeiro", "1", "x", "ja", "oui", "✓", "✔", "☑", "✅")
NO: Final = ("nao", "não", "n", "no", "false", "falso", "0", "nein", "non", "-", "", "✗", "✘", "☐", "❌")
_BARRED: Final = str.maketrans("đĐı", "dDi")


def fold(text: str) -> str:
    """Return the text in lower case, without accents and doubled spaces: how names are compared."""
    return " ".join(unaccented(text).lower().split())


def unaccented(text: str) -> str:
    """Return the text without accents; the barred d of Vietnamese and the i of Turkish without its dot count so."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text).translate(_BARRED)
    return "".join(char for char in plain if not unicodedata.combining(char))


def currency_named(text: str) -> str | None:
    """Return the currency code of a word or sign (`R$`, `usd`); None if it names none."""
    return CURRENCIES.get(text.strip().upper())


@lru_cache(maxsize=1024)
def currency_spoken(text: str) -> str | None:
    """Return the currency that a cell names in a word, or twice over: `Euro`, `TL (₺)`, `USD - US Dollar`."""
    if not text.strip() or text.strip()[0].isdigit():
        return None
    parts = [part for part in map(str.strip, _BETWEEN.split(text)) if part]
    named = {currency_named(part) or _SPOKEN.get(fold(part)) for part in parts}
    return named.pop() if len(named) == 1 else None


def in_portuguese(amount: float) -> str:
    """Return an amount with two decimals as Brazil writes it: `1.234,56`."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))

"""Masks personal data in running text and in products' titles, before they leave the reading process."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: A blank or a hyphen of whatever kind, within a number: copied from a web page or a PDF.
_BLANKS: Final = re.compile(r"(?<=[\d)])[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000](?=[\d(])")
_HYPHENS: Final = re.compile(r"(?<=\d)[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d](?=\d)")
#: Kinds of a sign that is another one drawn otherwise, wide or bold. A raised one may be a power, and one in a circle
#: the number of a paragraph: these are read only where many stand together.
_DRAWN: Final = frozenset(("<wide>", "<narrow>", "<small>", "<font>", "<compat>"))
_RAISED: Final = frozenset(("<super>", "<sub>", "<circle>"))
_MANY_RAISED: Final = 8
#: What may stand between the parts of a number: a blank, or a sign, after which a line may end.
_GAP: Final = r"(?: ?[.\-_/·•][ \n]?| )?"
_NOT_BEFORE, _NOT_AFTER = r"(?<![\w.,-])", r"(?![\w-]|[.,]\d)"
_CPF_IN_PARTS: Final = re.compile(_NOT_BEFORE + _GAP.join((r"\d{3}", r"\d{3}", r"\d{3}", r"\d{2}")) + _NOT_AFTER)
#: Since 2026 the first twelve may be letters, too.
_CNPJ_PARTS: Final = _GAP.join((*(rf"[\dA-Z]{{{size}}}" for size in (2, 3, 3, 4)), r"\d{2}"))
_CNPJ_IN_PARTS: Final = re.compile(rf"(?i){_NOT_BEFORE}{_CNPJ_PARTS}{_NOT_AFTER}")
_CNPJ_LABELLED: Final = re.compile(rf"(?i)\b(cnpj)(\s*(?:n[.ºo]*)?\s*[:=]?\s*){_CNPJ_PARTS}{_NOT_AFTER}")
#: Four parts and no bare number: sixteen digits at a stretch are an order as often as a card.
_CARD_IN_PARTS: Final = re.compile(
    _NOT_BEFORE + r"(?:\d{4}([ .-])\d{4}\1\d{4}\1\d{4}|\d{4}([ .-])\d{6}\2\d{5})" + _NOT_AFTER
)

#: What is called a card is one at a stretch, too, where its check digit fits.
_CARD_LABELLED: Final = re.compile(
    r"(?i)\b(cart[ãa]o|card)((?:\s+de)?(?:\s+(?:cr[ée]dito|d[ée]bito))?"
    r"(?:\s+(?:n[úu]mero|number|no\b\.?|n[.º°o]*))?\s*[:=#]?\s*)([2-6](?:\d{14,15}|\d{18}))" + _NOT_AFTER
)

_Pattern = tuple[re.Pattern[str], str]
_E_MAILS: Final[tuple[_Pattern, ...]] = (
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (
        re.compile(
            r"(?i)[\w.+%-]+\s?[(\[{]\s?(?:at|arroba)\s?[)\]}]\s?[\w-]+(?:(?:\.|\s?[(\[{]\s?(?:dot|ponto)\s?[)\]}]\s?)[\w-]+)+"
        ),
        "[e-mail]",
    ),
)
_CPF_BY_FORM: Final = (
    re.compile(r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b|\b\d{9}-\d{2}\b|\b\d{3} \d{3} \d{3} \d{2}\b"),
    "[CPF]",
)
_CNPJ_BY_FORM: Final = (re.compile(r"\b\d{2}\.?\d{3}\.?\d{3}/\d{4}-?\d{2}\b"), "[CNPJ]")
_LABELLED: Final = (
    re.compile(r"(?i)\b(cpf|cnpj|cpf/cnpj|rg)(\s*(?:n[.ºo]*)?\s*:?\s*)[\d./-]{7,20}"),
    r"\1\2[documento]",
)
_PHONE_ABROAD: Final = (
    re.compile(r"(?<![\w.,+])\+(?=(?:[\s()-]?\d){10,15}(?![\d.,]*\d))\d[\d\s()-]{8,20}\d"),
    "[telefone]",
)
_PHONE_AT_A_STRETCH: Final = (re.compile(r"(?<![\d.,])(?:\+55\s?)\d{10,11}\b|\(\d{2}\)\s?\d{8,9}\b"), "[telefone]")
_PHONE_LABELLED: Final = (
    re.compile(r"(?i)\b(telefone|tel|celular|fone|whatsapp|phone)(\.?\s*:?\s*)\+?[\d\s().-]{8,20}\d"),
    r"\1\2[telefone]",
)

#: Each kind of personal data with its replacement. Order matters: longer numbers first.
_PATTERNS: Final[tuple[_Pattern, ...]] = (
    *_E_MAILS,
    (
        re.compile(
            r"(?i)\b(data de nascimento|nascimento|nascid[oa] em|birth ?date|date of birth)(\s*[:=]?\s*)"
            r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2})"
        ),
        r"\1\2[data]",
    ),
    _CNPJ_BY_FORM,
    _CPF_BY_FORM,
    _LABELLED,
    (
        re.compile(r"(?<![\d.,])(?:\+?55[\s-]?)?(?:\(\d{2}\)|\b\d{2})[\s-]?9?[\s-]?\d{4}[\s-]\d{4}(?![\d.,]*\d)"),
        "[telefone]",
    ),
    _PHONE_AT_A_STRETCH,
    _PHONE_ABROAD,
    (re.compile(r"(?<![\w.,-])9\d{4}-\d{4}(?![\w-])"), "[telefone]"),
    _PHONE_LABELLED,
    (re.compile(r"\b\d{5}-\d{3}\b"), "[CEP]"),
    (re.compile(r"\b\d{11}\b|\b\d{14}\b"), "[documento]"),
    (
        re.compile(
            r"(?im)\b(comprador(?:a)?|cliente|destinat[áa]ri[oa]|nome(?: do comprador| completo| do cliente)?|"
            r"buyer(?: name)?|customer(?: name)?|recipient|endere[çc]o(?: de entrega)?|address|"
            r"logradouro|bairro)(\s*[:=]\s*)[^\n;|]{2,120}"
        ),
        r"\1\2[omitido]",
    ),
    (
        re.compile(
            r"\b(?:Rua|Av\.|Avenida|Travessa|Alameda|Rodovia|Praça|R\.(?=\s[A-ZÀ-Ý]))\s+[^\n;|,]{3,60},?\s*"
            r"(?:n[.ºo]*\s*)?\d{1,5}\b"
        ),
        "[endereço]",
    ),
)


#: Of a title: a code of a part looks like a postal code, a short phone or a number without signs.
_OF_TITLES: Final[tuple[_Pattern, ...]] = (
    *_E_MAILS,
    _CNPJ_BY_FORM,
    (re.compile(r"(?<![\w.,-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])"), "[CPF]"),
    _LABELLED,
    (
        re.compile(r"(?<![\w.,-])(?:\+?55[\s-]?)?(?:\(\d{2}\)[\s-]?9?|\d{2}[\s-]?9)\d{4}[\s-]\d{4}(?![\w-]|[.,]\d)"),
        "[telefone]",
    ),
    _PHONE_AT_A_STRETCH,
    _PHONE_ABROAD,
    _PHONE_LABELLED,
)
#: Eight digits, with few other characters between them.
_MANY_DIGITS: Final = r"(?:[\p{Nd}\p{No}][^\p{L}\p{Nd}\p{No}]{0,3}){7,}[\p{Nd}\p{No}]"
#: A title without a match has no personal data (`mask_title`): that holds for most.
SUSPECT: Final = rf"(?i)[@\x{{FF20}}\x{{FE6B}}]|\b(?:at|arroba)\b|{_MANY_DIGITS}|\bcnpj\b|/ ?\w{{4}} ?-"


def mask(text: str) -> str:
    """Return the text without e-mails, CPF / CNPJ, cards, phones, CEP, labelled names and dates, street addresses.

    It knows forms, not people: a name in a sentence stays. Rows are not masked but left out (`rows_in_text`).
    """
    return _masked(text, _PATTERNS)


def mask_title(title: str) -> str:
    """Return a product's title without e-mails, CPF / CNPJ, cards, phones. Codes of products stay, as names do."""
    return _masked(title, _OF_TITLES)


def _masked(text: str, patterns: tuple[_Pattern, ...]) -> str:
    plain = _HYPHENS.sub("-", _BLANKS.sub(" ", _drawn_plainly(text)))
    masked = _CARD_IN_PARTS.sub(lambda found: "[cartão]" if _is_card(found[0]) else found[0], plain)
    masked = _CARD_LABELLED.sub(
        lambda found: f"{found[1]}{found[2]}[cartão]" if _is_card(found[3]) else found[0], masked
    )
    masked = _CNPJ_LABELLED.sub(r"\1\2[CNPJ]", masked)
    masked = _CNPJ_IN_PARTS.sub(lambda found: "[CNPJ]" if _is_cnpj(found[0]) else found[0], masked)
    masked = _CPF_IN_PARTS.sub(lambda found: "[CPF]" if _is_cpf(found[0]) else found[0], masked)
    for pattern, replacement in patterns:
        masked = pattern.sub(replacement, masked)
    return text if masked == plain else masked


def _drawn_plainly(text: str) -> str:
    """Return the text with plain digits, letters and signs in place of styled and invisible ones."""
    if text.isascii():
        return text
    signs = set(text)
    raised = {sign: plain for sign in signs if (plain := _plain(sign, _RAISED)) != sign and plain.isdigit()}
    if sum(map(text.count, raised)) >= _MANY_RAISED:
        text = text.translate({ord(sign): plain for sign, plain in raised.items()})
    drawn = {ord(sign): _plain(sign, _DRAWN) for sign in signs - set(raised)}
    # a soft hyphen is one of the hyphens
    unseen = {ord(sign): "" for sign in signs if unicodedata.category(sign) == "Cf" and sign != "\u00ad"}
    return text.translate({**drawn, **unseen})


def _plain(sign: str, kinds: frozenset[str]) -> str:
    """Return the ASCII character that this one is a styled form of, or else itself.

    A digit of any script becomes ASCII.
    """
    if (value := unicodedata.decimal(sign, None)) is not None and kinds is _DRAWN:
        return str(value)
    if unicodedata.decomposition(sign).split(" ")[0] not in kinds:
        return sign
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 and plain.isascii() else sign


def _is_cnpj(text: str) -> bool:
    """Say whether both check digits fit. With letters it has to be written as one: a code has no stroke in it."""
    signs = [ord(sign) - ord("0") for sign in text.upper() if sign.isascii() and sign.isalnum()]
    if any(value > 9 for value in signs) and "/" not in text:
        return False
    for known in (12, 13):
        weights = [2 + at % 8 for at in range(known)]
        rest = sum(value * weight for value, weight in zip(signs[known - 1 :: -1], weights, strict=True)) % 11
        if signs[known] != (0 if rest < 2 else 11 - rest):
            return False
    return True


def _digits(text: str) -> list[int]:
    return [int(sign) for sign in text if sign.isdigit()]


def _is_cpf(text: str) -> bool:
    """Say whether both check digits fit."""
    digits = _digits(text)
    sums = (sum((n + 1 - at) * digit for at, digit in enumerate(digits[:n])) for n in (9, 10))
    return [total * 10 % 11 % 10 for total in sums] == digits[9:]


def _is_card(text: str) -> bool:
    """Say whether the check digit fits by the rule of Luhn."""
    turned = _digits(text)[::-1]
    return sum(turned[::2] + [digit * 2 - 9 * (digit > 4) for digit in turned[1::2]]) % 10 == 0

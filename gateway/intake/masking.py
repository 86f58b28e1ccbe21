"""Personal data out of running text, before it leaves the reading process."""

from __future__ import annotations

import re
from typing import Final

#: A blank or a hyphen of whatever kind, within a number: copied from a web page or a PDF.
_BLANKS: Final = re.compile(r"(?<=[\d)])[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000](?=[\d(])")
_HYPHENS: Final = re.compile(r"(?<=\d)[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d](?=\d)")
_CPF_IN_PARTS: Final = re.compile(r"(?<![\w.,-])\d{3}[ .-]?\d{3}[ .-]?\d{3}[ .-]?\d{2}(?![\w-]|[.,]\d)")
#: Four parts and no bare number: sixteen digits at a stretch are an order as often as a card.
_CARD_IN_PARTS: Final = re.compile(
    r"(?<![\w.,-])(?:\d{4}([ .-])\d{4}\1\d{4}\1\d{4}|\d{4}([ .-])\d{6}\2\d{5})(?![\w-]|[.,]\d)"
)

#: Each kind with what stands in its place. Order matters: longer numbers first.
_PATTERNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (
        re.compile(
            r"(?i)[\w.+%-]+\s?[(\[{]\s?(?:at|arroba)\s?[)\]}]\s?[\w-]+(?:(?:\.|\s?[(\[{]\s?(?:dot|ponto)\s?[)\]}]\s?)[\w-]+)+"
        ),
        "[e-mail]",
    ),
    (
        re.compile(
            r"(?i)\b(data de nascimento|nascimento|nascid[oa] em|birth ?date|date of birth)(\s*[:=]?\s*)"
            r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2})"
        ),
        r"\1\2[data]",
    ),
    (re.compile(r"\b\d{2}\.?\d{3}\.?\d{3}/\d{4}-?\d{2}\b"), "[CNPJ]"),
    (re.compile(r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b|\b\d{9}-\d{2}\b|\b\d{3} \d{3} \d{3} \d{2}\b"), "[CPF]"),
    (re.compile(r"(?i)\b(cpf|cnpj|cpf/cnpj|rg)(\s*(?:n[.ºo]*)?\s*:?\s*)[\d./-]{7,20}"), r"\1\2[documento]"),
    (
        re.compile(r"(?<![\d.,])(?:\+?55[\s-]?)?(?:\(\d{2}\)|\b\d{2})[\s-]?9?[\s-]?\d{4}[\s-]\d{4}(?![\d.,]*\d)"),
        "[telefone]",
    ),
    (re.compile(r"(?<![\d.,])(?:\+55\s?)\d{10,11}\b|\(\d{2}\)\s?\d{8,9}\b"), "[telefone]"),
    (re.compile(r"(?<![\w.,+])\+(?=(?:[\s()-]?\d){10,15}(?![\d.,]*\d))\d[\d\s()-]{8,20}\d"), "[telefone]"),
    (re.compile(r"(?<![\w.,-])9\d{4}-\d{4}(?![\w-])"), "[telefone]"),
    (
        re.compile(r"(?i)\b(telefone|tel|celular|fone|whatsapp|phone)(\.?\s*:?\s*)\+?[\d\s().-]{8,20}\d"),
        r"\1\2[telefone]",
    ),
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


def mask(text: str) -> str:
    """Return the text without e-mails, CPF / CNPJ, cards, phones, CEP, labelled names and dates, street addresses.

    It knows forms, not people: a name in a sentence stays. Rows are not masked but left out (`rows_in_text`).
    """
    plain = _HYPHENS.sub("-", _BLANKS.sub(" ", text))
    masked = _CARD_IN_PARTS.sub(lambda found: "[cartão]" if _is_card(found[0]) else found[0], plain)
    masked = _CPF_IN_PARTS.sub(lambda found: "[CPF]" if _is_cpf(found[0]) else found[0], masked)
    for pattern, replacement in _PATTERNS:
        masked = pattern.sub(replacement, masked)
    return text if masked == plain else masked


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

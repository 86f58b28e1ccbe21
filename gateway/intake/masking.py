"""Personal data out of running text, before it leaves the reading process."""

from __future__ import annotations

import re
from typing import Final

#: Each kind with what stands in its place. Order matters: longer numbers first.
_PATTERNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
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
    """Return the text without e-mails, CPF / CNPJ, phones, CEP, labelled names and street addresses.

    It knows forms, not people: a name in a sentence stays. Rows are not masked but left out (`rows_in_text`).
    """
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text

"""What a column's name says of taxes beside what it is: `Commission (TTC)`, `Preço s/ IVA`, `Total inc. VAT`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from gateway.intake.words import unaccented

_TAX: Final = (
    r"(?:tax(?:es)?|vat|gst|iva|igv|icms|impostos?|impuestos?|tasas?|mwst|must|ust|tva|kdv|btw|ppn|moms|imposte)"
)
_WITH: Final = (
    r"(?:incl?\.?|including|inclusive|inclus[oa]s?|incluid[oa]s?|with|com|con|c/|after|avec|inkl\.?|cu|z|met)"
)
_WITHOUT: Final = (
    r"(?:ex(?:cl?)?\.?|excluding|exclusive|without|sem|sin|s/|before|antes|hors|sans|ohne|exkl\.?|zzgl\.?|fara|bez|"
    r"zonder)"
)
_OF: Final = r"(?:of |de |dos? |del |the |all )?"
#: In Portuguese and Spanish the tax stands first, too: `IVA incluído`, `impostos inclusos`; so it does in Turkish.
_SAYS_IN: Final = (
    rf"(?<![^\W_])(?:{_WITH}[\s_]*{_OF}{_TAX}|"
    rf"{_TAX}[\s_]+(?:inclus[oa]s?|incluid[oa]s?|compris[es]*|included|dahil|inbegriffen)|ttc)(?![^\W_])"
)
_SAYS_OUT: Final = (
    rf"(?<![^\W_])(?:{_WITHOUT}[\s_]*{_OF}{_TAX}|"
    rf"{_TAX}[\s_]+(?:haric|excluded|nao inclus[oa]s?|no incluid[oa]s?)|ht)(?![^\W_])"
)
#: All that stands in the brackets says it: `(Incl. GST + Commission)`.
_IS_IN, _IS_OUT = (re.compile(rf"(?i)[(\[][^()\[\]]*{says}[^()\[\]]*[)\]]|{says}") for says in (_SAYS_IN, _SAYS_OUT))


@lru_cache(maxsize=4096)
def without_tax_aside(header: str) -> str:
    """Return the name without what it says of taxes; as it is where nothing else is said, or nothing of taxes."""
    plain = unaccented(header)
    left = _IS_OUT.sub(" ", _IS_IN.sub(" ", plain))
    return left if left != plain and re.search(r"[^\W\d_]{2,}", left) else header


@lru_cache(maxsize=4096)
def is_taxed(header: str) -> bool | None:
    """Say whether the amounts are called with the taxes (True) or without them (False); None where nothing is said."""
    plain = unaccented(header)
    if _IS_OUT.search(plain):
        return False
    return True if _IS_IN.search(plain) else None

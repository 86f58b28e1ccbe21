"""What the reader remarks on amounts that others of the table show, or that nothing shows; in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SHOWN: Final[Mapping[str, str]] = {
    "As tarifas incluem os impostos que o canal reteve ou cobrou sobre elas: {}, {:sum} ao todo. O que sobra é sem "
    "eles, como o canal o paga.": (
        "The fees include the taxes that the channel kept back or charged on them: {}, {} in all. What is left is "
        "without them, as the channel pays it."
    ),
    "O frete é “{}” mais “{}”, o das devoluções.": "The shipping is “{}” plus “{}”, that of returns.",
}

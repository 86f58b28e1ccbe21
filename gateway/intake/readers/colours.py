"""Says what a person calls a colour of a workbook."""

from __future__ import annotations

import colorsys
from typing import Final

#: A colour -> what people call it, folded.
COLOURS: Final = {
    "red": "vermelh[oa]s?|red|roj[oa]s?|rosa|pink",
    "orange": "laranjas?|orange|naranjas?",
    "yellow": "amarel[oa]s?|yellow|amarill[oa]s?",
    "green": "verdes?|green",
    "blue": "azul|azuis|azules|blue",
    "grey": "cinzas?|grey|gray|gris",
}
#: Up to this hue, of 360, a colour has the name; beyond the last it is red again.
_HUES: Final = ((18, "red"), (44, "orange"), (72, "yellow"), (165, "green"), (260, "blue"), (290, ""), (361, "red"))
_PALE: Final = 0.12
_DARK: Final = 0.25
_WHITE: Final = 0.97


def name_of(rgb: str) -> str:
    """Return the name of a colour of six hexadecimal digits; "" of black, of white and of purple."""
    red, green, blue = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if value < _DARK:
        return ""
    if saturation < _PALE:
        return "grey" if value < _WHITE else ""
    return next(name for most, name in _HUES if hue * 360 < most)

"""What months are called, in the languages of tables of sales."""

from __future__ import annotations

from typing import Final

#: A month's names, folded: Portuguese, English, Spanish, Indonesian and Malay; German, Dutch, French, Italian, Polish
#: and Turkish.
MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "jan janeiro january enero ene januari januar janvier janv gennaio gen stycznia ocak",
            "fev fevereiro feb february febrero februari februar fevrier fevr febbraio lutego subat",
            "mar marco march marzo maret mac marz mrz maart mrt mars marca mart",
            "abr abril apr april avril avr aprile kwietnia nisan",
            "mai maio may mayo mei maggio mag maja mayis",
            "jun junho june junio juni juin giugno giu czerwca haziran",
            "jul julho july julio juli julai juillet juil luglio lug lipca temmuz",
            "ago agosto aug august agustus agu agt ogos augustus aout sierpnia agustos",
            "set setembro sep sept september septiembre setiembre septembre settembre wrzesnia eylul",
            "out outubro oct october octubre okt oktober octobre ottobre ott ekim",
            "nov novembro november noviembre nop novembre listopada kasim",
            "dez dezembro dec december diciembre dic des desember disember dezember decembre dicembre grudnia aralik",
        ),
        start=1,
    )
    for name in names.split()
}

"""Numbers in a task's texts that no figure supports."""

from __future__ import annotations

import pytest

from projections.reads.unsourced import without_source


@pytest.mark.parametrize(
    ("text", "numbers", "found"),
    [
        ("Cobrir R$ 9.999 de frete", ["R$ 9.999"], ["R$ 9.999"]),
        ("Chegar a 48% e depois a 12%", ["12%", "48%", "12%"], ["48%", "12%"]),
        ("Levar a 500 unidades", ["50", "5", "500"], ["500"]),
        ("Custa R$ 1.500,90", ["1.500", "500", "90"], []),
        ("Baixar a tarifa de 12% para 9%", ["12", "9"], []),
        ("De 12% para 12 pedidos", ["12"], ["12"]),
        ("Até 31/03/2026, 40 pedidos", ["40", "31/03/2026"], ["31/03/2026", "40"]),
        ("Em 1.280 dias de 31/12/2026 a 28 e 12", ["12", "28", "31/12/2026"], ["31/12/2026", "28", "12"]),
        ("Em 30 dias.", ["30"], ["30"]),
        ("Trocar as fotos", ["30"], []),
        ("Trocar as fotos", [], []),
    ],
)
def test_only_whole_numbers_of_the_text_are_told(text: str, numbers: list[str], found: list[str]) -> None:
    assert without_source(text, [{"path": "phases[0].tasks[0].what", "number": number} for number in numbers]) == found

"""Plans are in Portuguese."""

from __future__ import annotations

import pytest

from streams.analysis.agents.language import is_portuguese

PORTUGUESE = (
    "As devoluções do vestido pesam mais que as dos outros produtos. Leia os motivos, corrija as medidas e as fotos do "
    "anúncio, e pause a venda se for defeito."
)
BARE = "Reduzir devoluções SKU-1. Rever frete. Corrigir fotos, medidas, descrição. Medir toda semana. Pausar anúncio."


@pytest.mark.parametrize("text", [PORTUGUESE, BARE, "Rever", "", "Otimizar listing best seller premium full"])
def test_portuguese_and_what_is_too_short_to_tell_may_be(text: str) -> None:
    assert is_portuguese(text)


@pytest.mark.parametrize(
    "text",
    [
        "Review the returns of the dress: read the reasons, and fix the photos and sizes of the listing in a week.",
        "Revise las devoluciones del vestido: lea los motivos, y corrija las fotos y las medidas con el lote.",
        "Vérifiez les retours de la robe : lisez les motifs et corrigez les photos et les tailles dans une annonce.",
        "Prüfen Sie die Retouren: lesen Sie die Gründe und korrigieren Sie die Fotos und die Größen mit dem Anbieter.",
        "Controlla i resi del vestito: leggi i motivi e correggi le foto e le misure della scheda con il fornitore.",
        "检查连衣裙的退货原因并更正照片",
        "lorem zorp quux blint ipsum grault varn tolor plugh wibble " * 5,
    ],
)
def test_another_language_is_not(text: str) -> None:
    assert not is_portuguese(text)


def test_a_few_english_words_make_no_english_text() -> None:
    assert is_portuguese(PORTUGUESE + " Use the best seller badge and the full service of the marketplace.")

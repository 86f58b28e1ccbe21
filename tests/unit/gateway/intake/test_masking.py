"""Personal data does not pass; figures do."""

import pytest

from gateway.intake.masking import mask


@pytest.mark.parametrize(
    "secret",
    [
        "maria.silva+loja@correio.com.br",
        "123.456.789-09",
        "12345678909",
        "12.345.678/0001-95",
        "12345678000195",
        "(11) 98765-4321",
        "(11)98765-4321",
        "11 98765-4321",
        "+55 11 98765-4321",
        "+5511987654321",
        "91234-5678",
        "+1 305 555-0199",
        "+351 912 345 678",
        "123 456 789 09",
        "01310-100",
        "Rua das Jabuticabeiras, 123",
        "Av. Marechal Tibúrcio, nº 45",
        "529-982-247-25",
        "529.982.247\u00a025",
        "529\u00a0982\u00a0247\u00a025",
        "529982247 25",
        "529.982.247\u201125",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "3782 822463 10005",
        "ana (at) loja.com",
        "ana [arroba] loja (ponto) com (ponto) br",
    ],
)
def test_what_identifies_a_person_is_masked(secret: str) -> None:
    masked = mask(f"Reclamação de ontem ({secret}) em aberto.")

    assert secret not in masked
    assert masked.startswith("Reclamação de ontem (")
    assert masked.endswith(") em aberto.")


def test_a_phone_with_other_hyphens_is_masked_whole() -> None:
    assert mask("Ligar (11)\u00a098765\u20114321 hoje") == "Ligar [telefone] hoje"


@pytest.mark.parametrize("day", ["14/07/1983", "14.7.83", "1983-07-14"])
@pytest.mark.parametrize("label", ["Data de nascimento", "Nascido em", "Birth date"])
def test_a_labelled_birth_date_is_masked(label: str, day: str) -> None:
    assert mask(f"{label}: {day}, pedido 7") == f"{label}: [data], pedido 7"


@pytest.mark.parametrize("label", ["Comprador", "Cliente", "Destinatário", "Nome completo", "Endereço", "Buyer name"])
def test_a_labelled_name_is_masked(label: str) -> None:
    assert mask(f"{label}: Zuleica Brantes\nPedido 7") == f"{label}: [omitido]\nPedido 7"


@pytest.mark.parametrize(
    "text",
    [
        "Receita de R$ 1.234.567,89 em 3.000 pedidos",
        "Crescimento de 12,5% entre 01/12/2025 e 31/03/2026",
        "SKU CAM-01, anúncio MLB3245678901",
        "Pedido 2000001234567890",
        "De 2024-2025 para 2025-2026",
        "Prazo de 24-48 horas",
        "Peças 529-982-247-26 e 4111 1111 1111 1112",
        "EAN 4111111111111111",
        "De 1\u00a0234\u00a0567 para 2024\u20132025",
        "Subiu +12.345.678,90 no ano, de 1 234 567 para mais",
    ],
)
def test_figures_stay(text: str) -> None:
    assert mask(text) == text

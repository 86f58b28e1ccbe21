"""Personal data does not pass; figures do."""

import pytest

from gateway.intake.masking import mask, mask_title

#: The same numbers in digits and signs of other scripts and drawings, with what is not seen, with other separators.
OTHERWISE = (
    "５２９．９８２．２４７－２５",
    "５２９９８２２４７２５",
    "٥٢٩.٩٨٢.٢٤٧-٢٥",
    "५२९.९८२.२४७-२५",
    "𝟓𝟐𝟗.𝟗𝟖𝟐.𝟐𝟒𝟕-𝟐𝟓",
    "⁵²⁹.⁹⁸².²⁴⁷-²⁵",
    "⑤②⑨.⑨⑧②.②④⑦-②⑤",
    "529.982.\u200b247-25",
    "529\u2060982\u2060247\u206025",
    "529 · 982 · 247 · 25",
    "529_982_247_25",
    "529.982.247-\n25",
    "１１．２２２．３３３／０００１－８１",
    "11 222 333 0001 81",
    "11-222-333-0001-81",
    "12.ABC.345/01DE-35",
    "12abc345/01de-35",
    "ana＠loja．com",
    "ana\u200b@loja.com",
    "（11）９８７６５－４３２１",
    "４１１１ １１１１ １１１１ １１１１",
)


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
        *OTHERWISE,
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


@pytest.mark.parametrize("number", ["4111111111111111", "378282246310005", "５５５５５５５５５５５５４４４４"])
@pytest.mark.parametrize(
    "label", ["Cartão", "cartão de crédito nº:", "Cartao de debito ", "Card number:", "credit card no. ", "card="]
)
def test_what_is_called_a_card_is_masked_at_a_stretch_too(label: str, number: str) -> None:
    joined = label if label[-1] in ":= " else f"{label} "
    assert mask(f"Pago: {joined}{number}, pedido 7") == f"Pago: {joined}[cartão], pedido 7"
    assert mask_title(f"{joined}{number}") == f"{joined}[cartão]"


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
        "Cartão, pedido 4111111111111111",
        "Cartão 4111111111111112",
        "Cartão de memória 7891234567895",
        "De 1\u00a0234\u00a0567 para 2024\u20132025",
        "Subiu +12.345.678,90 no ano, de 1 234 567 para mais",
        "Receita de R$ １.２３４.５６７,８９ e ٣.٠٠٠ pedidos",
        "Piso de 10² m² em ①②③ etapas, 2³ e 5⁰",
        "Código AB12CD34EF5678, lote ABCDEFGH/2024-01 e 12ABC34501DE35",
    ],
)
def test_figures_stay(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("secret", ["529.982.247-25", "52998224725", "(11) 98765-4321", "11 98765-4321", *OTHERWISE])
def test_a_title_tells_no_number_of_a_person(secret: str) -> None:
    masked = mask_title(f"Caneca da Ana {secret} azul")
    assert masked.startswith("Caneca da Ana [")
    assert masked.endswith("] azul")


@pytest.mark.parametrize(
    "title",
    [
        "Filtro 12345-678 para 90915-10003",
        "Bosch 0986424797 e 06A906461L",
        "Caneca EAN 7891234567895",
        "Caixa GTIN 17891234567892",
        "Pedido 20000012345",
        "Placa Rua Augusta 1200",
        "Lixa 10 1500-2000 grãos",
        "Kit 10x15 20x30 30x40 cm",
        "Anúncio MLB3245678901",
        "Tênis 39/40/41/42 2024/2025",
        "Lote ABCDEFGH/2024-01",
    ],
)
def test_codes_of_products_stay_in_titles(title: str) -> None:
    assert mask_title(title) == title

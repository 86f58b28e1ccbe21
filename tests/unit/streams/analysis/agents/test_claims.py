"""What the numbers of a text claim to be, and how exactly."""

from __future__ import annotations

import pytest

from streams.analysis.agents.claims import Claim, claims_in


def only(text: str) -> Claim:
    [claim] = claims_in(text)
    return claim


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ganhar R$ 1.500", "money"),
        ("Ganhar 1.500 reais", "money"),
        ("Baixar para 15%", "share"),
        ("Vender 40 unidades", "units"),
        ("Unidades vendidas: 40", "bare"),
        ("Unidades: 40", "units"),
        ("Voltaram 40 devoluções", "units"),
        ("Em 40 pedidos", "orders"),
        ("Entre 40 produtos", "products"),
        ("Foram 40 vendas", "count"),
        ("Foram 40 camisetas", "count"),
        ("Subiu 40 vezes", "bare"),
        ("Foram 40,5 camisetas", "bare"),
        ("Em 40 dias", "time"),
        ("Em 31 de março", "date"),
        ("Nota 4,8 estrelas", "rating"),
        ("Com 300 de tarifas", "bare"),
        ("Custou 300", "bare"),
    ],
)
def test_the_words_beside_a_number_say_of_what_it_is(text: str, kind: str) -> None:
    assert only(text).kind == kind


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("De 12 a 15%", ["share", "share"]),
        ("De R$ 700 a 800", ["money", "money"]),
        ("Semanas 10-12", ["time", "time"]),
        ("Semanas 10 - 12", ["time", "time"]),
        ("Com 12 peças e 15%", ["units", "share"]),
        ("Vale 12, ou talvez 15%", ["bare", "share"]),
    ],
)
def test_both_ends_of_a_range_are_of_one_kind(text: str, kinds: list[str]) -> None:
    assert [claim.kind for claim in claims_in(text)] == kinds


def test_the_first_end_of_a_range_of_percents_is_a_share() -> None:
    assert claims_in("De 12 a 15%")[0].readings[0][0] == pytest.approx(0.12)


def test_thousands_of_money_are_no_decimals() -> None:
    assert [value for value, _ in only("R$ 1.500").readings] == [1500.0]


@pytest.mark.parametrize(
    ("text", "margin"),
    [
        ("R$ 1.234,50", 0.005),
        ("R$ 1.234", 0.5),
        ("R$ 1.200", 0.5),  # as exact as any other
        ("cerca de R$ 1.200", 50),
        ("aproximadamente R$ 1.000", 50),  # not so far as its zeros
        ("cerca de R$ 1.234", 0.5),
        ("cerca de R$ 1.234,50", 0.005),
        ("R$ 1,5 mil", 50),
        ("R$ 2 mil", 100),
        ("cerca de 12%", 0.005),
    ],
)
def test_only_what_says_so_is_rounded(text: str, margin: float) -> None:
    assert only(text).readings[0][1] == pytest.approx(margin, rel=0.02)


@pytest.mark.parametrize(
    ("text", "is_word"),
    [("8 devoluções", False), ("3 pedidos foram cancelados", False), ("5 unidades vendidas", False),
     ("1 return", False), ("Kit de 2 unidades", True), ("Trocar 2 fotos", True), ("Leve 3 produtos", True),
     ("10 fotos", False)],
)  # fmt: skip
def test_a_small_number_of_what_happened_is_no_mere_word(text: str, is_word: bool) -> None:
    assert only(text).is_word is is_word


@pytest.mark.parametrize(
    ("text", "coarse"),
    [("12%", True), ("12,3%", False), ("40 peças", True), ("140 peças", False), ("R$ 1,5 mil", True),
     ("R$ 15,5 mil", False), ("R$ 45,90", False)],
)  # fmt: skip
def test_a_number_of_two_digits_is_coarse(text: str, coarse: bool) -> None:
    assert only(text).is_coarse is coarse


@pytest.mark.parametrize(
    ("text", "a_month"),
    [
        ("R$ 500 por mês", True),
        ("Por mês, R$ 500", True),
        ("R$ 500/mês", True),
        ("Ganho mensal de R$ 500", True),
        ("R$ 500 no período do documento; o resto vem por mês", False),
    ],
)
def test_a_month_is_said_beside_the_amount(text: str, a_month: bool) -> None:
    assert only(text).a_month is a_month


@pytest.mark.parametrize(
    ("text", "own"), [("Testar por 15 dias", True), ("Está há 15 dias parado", False), ("Por 15 peças", False)]
)
def test_the_time_that_a_step_takes_is_its_own(text: str, own: bool) -> None:
    assert only(text).is_own_time is own


def test_each_number_of_a_long_text_has_its_own_sentence() -> None:
    claims = claims_in("".join(f"Vendeu {n} unidades por mês.\n" for n in range(10, 5_000)))
    assert [claim.sentence for claim in claims] == [f"Vendeu {n} unidades por mês.\n" for n in range(10, 5_000)]
    assert {claim.kind for claim in claims} == {"units"}


def test_a_sentence_ends_at_its_mark_and_not_in_a_number() -> None:
    assert [claim.sentence for claim in claims_in("Faltam R$ 1.234,50. Sobram 12%!\nE 40 peças")] == [
        "Faltam R$ 1.234,50. ",
        "Sobram 12%!\n",
        "E 40 peças",
    ]

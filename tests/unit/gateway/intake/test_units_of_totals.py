"""Which columns make the total: what was invoiced of what was ordered, and whole numbers that may be either."""

from tests.unit.gateway.intake.tables import fields, reading, sold


def test_the_units_that_make_the_total_are_those_that_were_invoiced() -> None:
    rows = [(n, 5 + n % 3, 5 + n % 3 - (n % 4 == 0), 10 + n) for n in range(1, 13)]
    told = [(f"{n};0{n % 9 + 1}/03/2026;S-{n}", asked, sent, price, sent * price) for n, asked, sent, price in rows]
    text = "\n".join(f"{sale};{asked};{sent};{price},00;{total},00" for sale, asked, sent, price, total in told)
    found = reading(f"Pedido;Emissão;SKU;Qtd. Pedida;Qtd. Faturada;Preço Unit.;Valor Faturado\n{text}")

    assert fields(found)["units"] == "Qtd. Faturada"
    assert sold(found)["units"].sum() == sum(sent for _, _, sent, _ in rows)


def test_a_blank_of_an_accountant_is_no_text_among_amounts() -> None:
    """Excel writes 0 as ` R$ -   ` where its cells are formatted as accounts."""
    found = reading("""
Pedido;Data;Produto;Units Sold;Sale Price;Gross Sales;Discounts;Sales
1;02/03/2026;A;10; $20.00 ; $200.00 ; $-   ; $200.00
2;03/03/2026;B;5; $20.00 ; $100.00 ; $-   ; $100.00
3;04/03/2026;A;10; $20.00 ; $200.00 ; $10.00 ; $190.00
4;05/03/2026;B;5; $20.00 ; $100.00 ; $-   ; $100.00
5;06/03/2026;C;1; $50.00 ; $50.00 ; $-   ; $50.00
""")

    assert fields(found)["revenue"] == "Sales"
    assert sold(found)["revenue"].sum() == 640


def test_the_price_and_the_units_of_a_machine_are_not_told_apart_by_what_they_multiply_to() -> None:
    """Both are small and whole: price times units is the total either way round."""
    rows = [(n, n % 4 + 1, n % 3 + 1) for n in range(1, 13)]
    text = "\n".join(f"03/{n:02d}/2026;Soda;{a};{b};{a * b}" for n, a, b in rows)
    found = reading(f"Date;Product;Xa;Yb;LineTotal\n{text}")

    assert "units" not in fields(found)
    assert sold(found)["revenue"].sum() == sum(a * b for _, a, b in rows)


def test_of_two_whole_numbers_the_one_with_cents_is_the_price() -> None:
    rows = [(n, n % 4 + 1, n % 3 + 1) for n in range(1, 13)]
    text = "\n".join(f"03/{n:02d}/2026;Soda;{a}.00;{b};{a * b}.00" for n, a, b in rows)
    found = reading(f"Date;Product;Xa;Yb;LineTotal\n{text}")

    assert (fields(found)["price"], fields(found)["units"]) == ("Xa", "Yb")


def test_single_pieces_do_not_show_which_of_two_amounts_is_the_price() -> None:
    rows = [(n, 2 if n % 12 == 0 else 1, 10 + n * 7 % 13) for n in range(1, 37)]
    text = "\n".join(f"{n};{n % 28 + 1:02d}/03/2026;K-{n % 5};{q};{p}.50;{q * (p + 0.5):.2f}" for n, q, p in rows)
    found = reading(f"Ref;Order date;SKU;Ord qty;Xprice a;Xsale b\n{text}")

    assert (fields(found)["price"], fields(found)["revenue"]) == ("Xprice a", "Xsale b")
    assert sold(found)["revenue"].sum() == sum(q * (p + 0.5) for _, q, p in rows)

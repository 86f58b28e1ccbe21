"""Tables in nine more languages, names that lost their accents, amounts in cents, and pieces sold one by one."""

from dataclasses import replace

import pytest

from gateway.intake.layouts import is_known_export
from gateway.intake.layouts.general import SPENT_READ
from gateway.intake.layouts.mended import whole_name, with_mended_names
from gateway.intake.layouts.names import in_hundredths, words
from gateway.intake.layouts.plain import SOLD_SINGLY
from gateway.intake.layouts.signatures import DOCUMENTED
from gateway.intake.said_channel import NOBODYS
from tests.unit.gateway.intake.tables import cells, fields, raw, reading, sold

ABROAD = {
    "French": """Num_CMD;Date_CMD;Client;Produit;Qte;Prix unitaire;Montant
        C-1;2026-03-02;Zuleica;Chemise;2;50,00;100,00
        C-2;2026-03-03;Teobaldo;Jupe;1;80,00;80,00""",
    "Italian": """Data;Negozio;Prodotto;Quantità;Prezzo_unitario
        2026-03-02;Torino;Camicia;2;50,00
        2026-03-03;Bari;Gonna;1;80,00""",
    "German": """Bestellnummer;Datum;Kunde;Artikel;Menge;Einzelpreis;Umsatz
        B-1;02.03.2026;Zuleica;Hemd;2;50,00;100,00
        B-2;03.03.2026;Teobaldo;Rock;1;80,00;80,00""",
    "Dutch": """Bestelnummer;Besteldatum;Klant;Productnaam;Aantal;Prijs;Totaalbedrag
        N-1;02-03-2026;Zuleica;Hemd;2;50,00;100,00
        N-2;03-03-2026;Teobaldo;Rok;1;80,00;80,00""",
    "Polish": """ID;Data sprzedaży;Produkt;Ilość;Cena za sztukę (PLN);Łączna wartość (PLN)
        1;2026-03-02;Koszula;2;50,00;100,00
        2;2026-03-03;Spódnica;1;80,00;80,00""",
    "Turkish": """Sipariş No;Tarih;Ürün;Adet;Birim Fiyat;Tutar
        S-1;02.03.2026;Gömlek;2;50,00;100,00
        S-2;03.03.2026;Etek;1;80,00;80,00""",
    "Russian": """№ заказа;Дата заказа;Покупатель;Артикул;Название товара;Кол-во;Цена, руб.;Сумма
        1-1;02.03.2026;Zuleica;R-1;Рубашка;2;50,00;100,00
        1-2;03.03.2026;Teobaldo;J-2;Юбка;1;80,00;80,00""",
    "Chinese": """订单号;下单时间;收货人;商品名称;数量;单价;总金额
        C-1;2026-03-02 10:00:00;Zuleica;衬衫;2;50.00;100.00
        C-2;2026-03-03 10:00:00;Teobaldo;裙子;1;80.00;80.00""",
    "Japanese": """受注番号;注文日時;注文者氏名;商品名;単価;個数;商品合計
        J-1;2026/03/02 10:00;Zuleica;シャツ;50;2;100
        J-2;2026/03/03 10:00;Teobaldo;スカート;80;1;80""",
}


@pytest.mark.parametrize("language", ABROAD)
def test_a_table_in_another_language_is_read(language: str) -> None:
    found = reading(ABROAD[language])
    lines = sold(found)

    assert found.report.kind == "sales"
    assert (lines["revenue"].sum(), lines["units"].sum()) == (180, 3)
    assert not any(person in str((lines.rows(), found.report)) for person in ("Zuleica", "Teobaldo"))


def test_a_price_in_zloty_names_its_currency() -> None:
    found = reading("Numer zamówienia;Data;Ilość;Cena [zł]\n1;2026-03-02;2;50,00\n2;2026-03-03;1;80,00")

    assert sold(found)["currency"].to_list() == ["PLN", "PLN"]


def test_the_code_of_a_buyer_is_no_sku() -> None:
    found = reading(
        "Tanggal;No. Faktur;Kode Pelanggan;Produk;Jumlah;Total\n"
        "2026-03-01;INV1;P001;Kemeja;2;100000\n2026-03-02;INV2;P002;Rok;1;80000\n2026-03-03;INV3;P003;Topi;1;50000"
    )

    assert "sku" not in fields(found)
    assert sold(found)["sku"].null_count() == 3


LOST = """N\ufffdmero de orden;Fecha;Estado de la orden;Estado del pago;Moneda;Subtotal de productos;Descuento;\
Costo de env\ufffdo;Total;Nombre del producto;Precio del producto;Cantidad del producto;SKU;Canal
7;13/09/2026 10:00:00;Abierta;Recibido;ARS;12700,00;500,00;1200,00;13400,00;Remera;8500,00;1;R;M\ufffdvil
7;;;;;;;;;Gorra;4200,00;1;G;
8;14/09/2026 10:00:00;Abierta;Recibido;ARS;8500,00;0,00;1200,00;9700,00;Remera;8500,00;1;R;M\ufffdvil"""


def test_names_that_lost_their_accents_are_those_of_the_export() -> None:
    found = reading(LOST)

    assert found.report.layout == "nuvemshop.orders"
    assert (sold(found)["revenue"].sum(), sold(found)["order_id"].n_unique()) == (23100, 2)
    assert DOCUMENTED not in found.report.warnings
    assert is_known_export(raw(cells(LOST)))


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("N\ufffdmero de orden", "Número de orden"),
        ("Costo de env\ufffd\ufffdo", "Costo de envío"),
        ("Zxq\ufffdwv", None),
        ("Pr\ufffdvision", None),  # what is foreseen in French, or fees in German
        ("\ufffd\ufffd", None),
        ("\ufffd" + "x" * 90, None),
    ],
)
def test_a_broken_name_is_made_whole_only_where_one_is_known(broken: str, whole: str | None) -> None:
    assert whole_name(broken) == whole


def test_head_and_rows_of_a_large_table_are_mended_alike() -> None:
    table = raw(cells("N\ufffdmero de orden;Zxq\ufffdwv\n7;a\n8;b"))
    large = replace(table, whole=table.frame.select, needed=lambda: table.frame)
    mended = with_mended_names(large)

    assert mended.top.row(0) == ("Número de orden", "Zxq\ufffdwv")
    assert mended.whole is not None
    assert mended.whole(["0"])["0"][0] == "Número de orden"
    assert mended.needed is not None
    assert mended.needed().equals(mended.frame)
    assert mended.frame.slice(1).equals(table.frame.slice(1))
    plain = raw(cells("Número;b\n1;2"))
    assert with_mended_names(plain) is plain


@pytest.mark.parametrize("header", ["amount_cents", "amountCents", "Valor (centavos)", "price_in_cents"])
def test_a_name_says_that_its_amounts_are_in_cents(header: str) -> None:
    assert in_hundredths(header)
    assert words(header) in (("amount",), ("valor",), ("price",))


def test_what_is_in_cents_is_read_in_units_of_the_currency() -> None:
    found = reading("order_number;order_date;qty;amount_cents\nA-1;2026-03-01;3;29997\nA-2;2026-03-02;1;9999")

    assert sold(found)["revenue"].to_list() == [299.97, 99.99]
    assert not in_hundredths("percentage")
    assert not in_hundredths("Centro")


@pytest.mark.parametrize("header", ["Valor (reais e centavos)", "Total (sem centavos)", "amount without cents"])
def test_a_name_that_has_cents_beside_whole_units_says_nothing_of_hundredths(header: str) -> None:
    assert not in_hundredths(header)


def test_what_is_written_with_decimals_is_no_number_of_cents() -> None:
    found = reading("order_number;order_date;qty;amount_cents\nA-1;2026-03-01;3;299.97\nA-2;2026-03-02;1;99.99")

    assert sold(found)["revenue"].to_list() == [299.97, 99.99]


@pytest.mark.parametrize(
    "head", ["Date;Description;Amount", "Datum;Bezeichnung;Betrag", "Date;Libelle;Montant", "Data;Descrizione;Importo"]
)
def test_days_with_amounts_below_zero_and_nothing_else_are_asked_about(head: str) -> None:
    found = reading(head + "\n2026-03-02;Rent;-1000.00\n2026-03-03;Power;-80.00\n2026-03-04;Payment;500.00")

    assert (found.lines, found.report.asks) == (None, True)


PIECES = "Nro_orden;Fecha_de_compra;Nombre_Producto;Precio{more}\n"
PIECES_ROWS = "1;2026-03-01;Camisa;50,00{0}\n1;2026-03-01;Camisa;50,00{0}\n2;2026-03-02;Falda;80,00{0}"


def test_where_nothing_counts_units_each_row_of_an_order_is_one() -> None:
    found = reading(PIECES.format(more="") + PIECES_ROWS.format(""))
    lines = sold(found)

    assert (lines["revenue"].sum(), lines["units"].sum(), lines["order_id"].n_unique()) == (180, 3, 2)
    assert SOLD_SINGLY in found.report.warnings


@pytest.mark.parametrize(("more", "cell"), [(";Cantidad", ";2"), (";Proveedor", ";Fabrica Sur"), (";Bultos", ";3")])
def test_where_units_are_counted_or_goods_bought_no_row_is_taken_for_one(more: str, cell: str) -> None:
    found = reading(PIECES.format(more=more) + PIECES_ROWS.format(cell))

    assert SOLD_SINGLY not in found.report.warnings


def test_expenses_beside_what_was_sold_make_no_report_of_advertising() -> None:
    found = reading(
        "Fecha de venta;Producto;Cantidad;Precio;Subtotal;Valor gasto;Gasto total\n"
        "2026-03-01;Camisa;2;50,00;100,00;10,00;500,00\n2026-03-02;Falda;1;80,00;80,00;8,00;500,00"
    )

    assert found.report.kind == "sales"
    assert SPENT_READ not in found.report.warnings
    assert sold(found)["revenue"].sum() == 180


def test_how_it_was_paid_is_no_channel() -> None:
    found = reading(
        "Order ID;Date;Product Name;Total Amount;Payment Method\n"
        "1;2026-03-01;Shirt;50.00;woocommerce_card\n2;2026-03-02;Skirt;80.00;woocommerce_card"
    )

    assert "channel" not in fields(found)


def test_a_channel_that_few_rows_name_takes_none_of_the_others_away() -> None:
    rows = "".join(
        f"{number};2026-03-01;Camisa;{number}0,50;{'Shopee' if number < 3 else ''}\n" for number in range(1, 7)
    )
    found = reading("Pedido;Data;Produto;Valor total;Integrador\n" + rows)

    assert "channel" not in fields(found)
    assert sold(found)["revenue"].sum() == pytest.approx(213)


def test_rows_that_do_not_name_their_channel_are_told() -> None:
    found = reading(
        "Pedido;Data;Produto;Valor total;Canal de venda\n1;2026-03-01;Camisa;50,00;Shopee\n2;2026-03-02;Saia;80,00;"
    )

    assert sold(found)["channel"].to_list() == ["shopee", NOBODYS]
    assert "1 linha(s) não dizem de qual canal são, e não foram contadas." in found.report.warnings


def test_purchases_are_none_of_sales_in_other_languages() -> None:
    found = reading(
        "Num_CMD;Date_CMD;Fournisseur;Produit;Qte;Montant\nC-1;2026-03-02;Zuleica;Chemise;2;100,00",
        where="planilha “Achats 2026”",
    )

    assert found.report.kind == "costs"
    assert found.lines is None


@pytest.mark.parametrize(
    ("header", "buyer"),
    [
        ("주문번호;주문일자;고객명;상품명;수량;판매금액", "김동호"),
        ("ID_Vente;Date;Nom client;Produit;Quantité;Chiffre d'affaires", "Jean Petit"),
        ("Mã đơn;Ngày đặt;MaKH;Sản phẩm;Số lượng;Thành tiền", "KH01"),
        ("order id;tarix;kassir_id;mehsul_adi;miqdar;umumi_mebleg", "K03"),
        ("id penjualan;tanggal;nama pelanggan;produk;jumlah;total penjualan", "Budi"),
    ],
)
def test_sales_are_read_and_who_bought_is_not(header: str, buyer: str) -> None:
    rows = f"A-1;2026-03-01;{buyer};Aa;2;20.50\nA-2;2026-03-02;{buyer};Bb;1;9.90\nA-3;2026-03-04;{buyer};Aa;1;10.25"
    found = reading(f"{header}\n{rows}")
    lines = sold(found)

    assert set(fields(found)) == {"order_id", "at", "title", "units", "revenue"}
    assert (lines["revenue"].sum(), lines["units"].sum(), lines["order_id"].n_unique()) == (40.65, 4, 3)

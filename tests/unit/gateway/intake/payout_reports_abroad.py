"""Reports of payouts in the words of other countries, and a shop's statement, each with its truth."""

from __future__ import annotations

from typing import Final

from tests.unit.gateway.intake.payout_reports import Report

_RENDA: Final = """\
Tipo de transação;ID do pedido/ajuste;ID do SKU;Quantidade;Nome do produto;Data de criação do pedido;Moeda;\
{total};Vendas líquidas dos produtos;Subtotal do item antes dos descontos;\
Descontos financiados pelo vendedor;Reembolsos de produtos;Custo líquido de frete;Taxas e impostos;\
Tarifa de comissão da plataforma;Comissões de afiliados;ID do pedido relacionado
Pedido;577001;1736001;2;Almofada;2026/08/01;BRL;{first};90;100;-10;0;-3,5;{fees};-5,4;-4,5;/
Pedido;577002;1736002;1;Lençol;2026/08/03;BRL;0;0;60;0;-60;0;0;0;0;/
"""
_OTHERS: Final = """\
Reembolso de logística;740001;/;/;/;/;BRL;18,4;0;0;0;0;0;0;0;0;577001
Pagamento de GMV para anúncios do TikTok;740002;/;/;/;/;BRL;-250;0;0;0;0;0;0;0;0;/
"""
_SETTLED: Final = "Valor total a ser liquidado"
_RENDA_TRUTH: Final = {
    "tiktok_shop": {"revenue": 150.0, "orders": 2, "units": 3, "refunds": 60.0, "fees": 13.9, "shipping_cost": 3.5,
                    "net_receipts": 72.6},
}  # fmt: skip
_VIETNAM: Final = """\
ID đơn hàng/điều chỉnh;Loại giao dịch;{at};Đơn vị tiền tệ;{total};Tổng doanh thu;\
Tổng phụ sau giảm giá của người bán;Tổng phụ trước giảm giá;Giảm giá của người bán;\
Tổng phụ của khoản hoàn tiền sau giảm giá của người bán;Tổng phí;Phí giao dịch;ID đơn hàng liên quan
579001;Đơn hàng;2026/08/01;VND;81000;90000;90000;100000;-10000;0;-9000;-4500;/
579002;Đơn hàng;2026/08/03;VND;0;0;60000;60000;0;-60000;0;0;/
750009;GMV thanh toán cho Quảng cáo TikTok;/;VND;-90000;0;0;0;0;0;0;0;/
"""
_OF_ORDERS: Final = {
    "tiktok_shop": {"revenue": 150000.0, "orders": 2, "refunds": 60000.0, "fees": 9000.0, "net_receipts": 81000.0},
}
_INDONESIA: Final = """\
ID Pesanan/Penyesuaian;Jenis transaksi;Waktu pemesanan;Mata uang;Jumlah penyelesaian pembayaran;Total Pendapatan;\
Subtotal setelah diskon penjual;Subtotal sebelum diskon;Diskon penjual;\
Subtotal pengembalian dana setelah diskon penjual;Total Biaya;Biaya komisi platform;ID pesanan terkait
580001;Pesanan;2026/08/01;IDR;81000;90000;90000;100000;-10000;0;-9000;-4500;/
580002;Pesanan;2026/08/03;IDR;0;0;60000;60000;0;-60000;0;0;/
730001;Pembayaran GMV untuk Iklan TikTok;/;IDR;-90000;0;0;0;0;0;0;0;/
"""
_PENGHASILAN: Final = """\
No.;Lihat berdasarkan;No. Pesanan;ID Produk;Nama Produk;Waktu Pesanan Dibuat;Tanggal Dana Dilepaskan;\
Total Penghasilan;Harga Produk;Jumlah Pengembalian Dana ke Pembeli;Ongkir Dibayar Pembeli;\
Ongkos Kirim yang Dibayarkan ke Jasa Kirim;Gratis Ongkir dari Shopee;Voucher disponsor oleh Penjual;\
Biaya Administrasi (termasuk PPN 11%);Biaya Layanan Promo XTRA;Biaya Isi Saldo Otomatis (dari Penghasilan);\
Username (Pembeli)
1;Order;2608A1;-;-;2026-08-01;2026-08-09;79000;100000;0;0;-12000;10000;-5000;-9500;-4500;0;zuleica
1;Sku;2608A1;22001;Bantal;;;0;100000;0;0;0;0;0;0;0;0;
2;Order;2608A2;-;-;2026-08-03;2026-08-11;0;60000;-60000;0;0;0;0;0;0;0;teobaldo
"""
_DOANH_THU: Final = """\
Mã giao dịch;Đơn hàng / Sản phẩm;Mã đơn hàng;Mã sản phẩm;Tên sản phẩm;Ngày đặt hàng;Ngày hoàn thành thanh toán;\
Tổng tiền đã thanh toán;Giá sản phẩm;Số tiền hoàn lại;Phí vận chuyển Người mua trả;Phí vận chuyển thực tế;\
Phí vận chuyển được trợ giá từ Shopee;Mã ưu đãi do Người Bán chịu;Phí cố định;Phí Dịch Vụ;Phí thanh toán;Người mua
1;Order;2608A1;-;-;2026-08-01;2026-08-09;79000;100000;0;0;-12000;10000;-5000;-9500;-2500;-2000;zuleica
1;Sku;2608A1;22001;Gối;;;0;100000;0;0;0;0;0;0;0;0;
2;Order;2608A2;-;-;2026-08-03;2026-08-11;0;60000;-60000;0;0;0;0;0;0;0;teobaldo
"""
_INCOME: Final = {
    "shopee": {"revenue": 155000.0, "orders": 2, "refunds": 60000.0, "fees": 14000.0, "shipping_cost": 2000.0,
               "net_receipts": 79000.0},
}  # fmt: skip
_AMAZON: Final = {
    "amazon": {"revenue": 160.0, "orders": 2, "units": 2, "refunds": 60.0, "returned_units": 1, "fees": 27.0,
               "net_receipts": 73.0},
}  # fmt: skip
_GERMAN: Final = """\
"Alle Beträge in Euro, sofern nicht anders gekennzeichnet"
Datum/Uhrzeit;Abrechnungsnummer;Typ;Bestellnummer;SKU;Beschreibung;Menge;Umsätze;Produktumsatzsteuer;\
Gutschrift für Versandkosten;Rabatte aus Werbeaktionen;Einbehaltene Steuer auf Marketplace;Verkaufsgebühren;\
Gebühren zu Versand durch Amazon;Andere Transaktionsgebühren;Andere;Gesamt
01.08.2026 08:12:00 UTC;9;Bestellung;302-1;A-1;Kissen;1;100,00;0;0;0;0;-15,00;-3,00;0;0;82,00
02.08.2026 08:12:00 UTC;9;Bestellung;302-2;B-2;Laken;1;60,00;0;0;0;0;-9,00;0;0;0;51,00
09.08.2026 08:12:00 UTC;9;Erstattung;302-2;B-2;Laken;1;-60,00;0;0;0;0;0;0;0;0;-60,00
10.08.2026 08:12:00 UTC;9;Servicegebühr;;;Werbekosten;;0;0;0;0;0;0;0;0;-20,00;-20,00
"""
_FRENCH: Final = """\
"Tous les montants sont en EUR, sauf mention contraire."
date/heure;numéro de versement;type;numéro de la commande;sku;description;quantité;ventes de produits;\
Taxes sur la vente des produits;crédits d'expédition;Rabais promotionnels;Taxes retenues sur le site de vente;\
frais de vente;Frais Expédié par Amazon;autres frais de transaction;autre;total
1 juil. 2026 08:31:35 UTC;9;Commande;171-1;A-1;Coussin;1;100,00;20,00;0;0;0;-15,00;-3,00;0;0;102,00
2 juil. 2026 08:31:35 UTC;9;Commande;171-2;B-2;Drap;1;60,00;12,00;0;0;0;-9,00;0;0;0;63,00
9 juil. 2026 08:31:35 UTC;9;Remboursement;171-2;B-2;Drap;1;-60,00;-12,00;0;0;0;0;0;0;0;-72,00
10 juil. 2026 08:31:35 UTC;9;Transfert;;;Vers le compte;;0;0;0;0;0;0;0;0;-73,00;-73,00
"""
_ITALIAN: Final = """\
"Tutti gli importi sono espressi in EUR, se non diversamente specificato"
Data/Ora:;Numero pagamento;Tipo;Numero ordine;SKU;Descrizione;Quantità;Vendite;Accrediti per le spedizioni;\
Sconti promozionali;trattenuta IVA del marketplace;Commissioni di vendita;Costi del servizio Logistica di Amazon;\
Altri costi relativi alle transazioni;Altro;totale
1 lug 2026 08:31:35 UTC;9;Ordine;406-1;A-1;Cuscino;1;100,00;0;0;0;-15,00;-3,00;0;0;82,00
2 lug 2026 08:31:35 UTC;9;Ordine;406-2;B-2;Lenzuolo;1;60,00;0;0;0;-9,00;0;0;0;51,00
9 lug 2026 08:31:35 UTC;9;Rimborso;406-2;B-2;Lenzuolo;1;-60,00;0;0;0;0;0;0;0;-60,00
10 lug 2026 08:31:35 UTC;9;Trasferimento;;;Al conto;;0;0;0;0;0;0;0;-73,00;-73,00
"""
_JAPANESE: Final = """\
"すべての金額は円で表示されています。"
日付/時間;決済番号;トランザクションの種類;注文番号;SKU;説明;数量;商品売上;商品の売上税;配送料;プロモーション割引額;\
手数料;FBA 手数料;トランザクションに関するその他の手数料;その他;合計
2026/08/01 08:12:00 JST;9;注文;503-1;A-1;クッション;1;100;0;0;0;-15;-3;0;0;82
2026/08/02 08:12:00 JST;9;注文;503-2;B-2;シーツ;1;60;0;0;0;-9;0;0;0;51
2026/08/09 08:12:00 JST;9;返金;503-2;B-2;シーツ;1;-60;0;0;0;0;0;0;0;-60
2026/08/10 08:12:00 JST;9;振込み;;;口座;;0;0;0;0;0;0;0;-73;-73
"""
_EBAY: Final = """\
Datum der Transaktionserstellung;Typ;Bestellnummer;Alte Bestellnummer;Name des Käufers;Betrag abzügl. Kosten;\
Auszahlungswährung;Auszahlung Nr.;Artikelnummer;Angebotstitel;Bestandseinheit;Menge;Zwischensumme Artikel;\
Verpackung und Versand;Fixer Anteil der Verkaufsprovision;Transaktionsbetrag (inkl. Kosten);Transaktionswährung
1. Aug 2026;Bestellung;12-1;--;Zuleica;92,00;EUR;600;501;Tasse;A-1;1;95,00;5,00;-8,00;100,00;EUR
2. Aug 2026;Bestellung;12-2;--;Teobaldo;54,00;EUR;600;502;Teller;B-2;1;60,00;--;-6,00;60,00;EUR
9. Aug 2026;Rückerstattung;12-2;--;Teobaldo;-60,00;EUR;600;502;Teller;B-2;1;-60,00;--;--;-60,00;EUR
9. Aug 2026;Versandetikett;12-1;--;--;-4,00;EUR;600;--;--;--;--;--;--;--;-4,00;EUR
10. Aug 2026;Auszahlung;--;--;--;-80,00;EUR;600;--;--;--;--;--;--;--;-80,00;EUR
"""
_PAYPAL: Final = """\
Date;Heure;Fuseau horaire;Nom;Type;État;Devise;Avant commission;Commission;Net;Numéro de transaction;\
Titre de l'objet;Numéro de la transaction de référence;Quantité;Impact sur le solde
03/08/2026;10:00:00;CET;Zuleica;Paiement Express Checkout;Terminé;EUR;1 100,00;-30,00;1 070,00;T1;Vase;;2;Crédit
04/08/2026;10:00:00;CET;Zuleica;Paiement Express Checkout;En attente;EUR;70,00;0,00;70,00;T3;Vase;;1;Crédit
05/08/2026;10:00:00;CET;Teobaldo;Paiement sur site web;Terminé;EUR;50,00;-2,00;48,00;T2;Tasse;;1;Crédit
06/08/2026;10:00:00;CET;Teobaldo;Remboursement de paiement;Terminé;EUR;-50,00;0,00;-50,00;R2;Tasse;T2;;Débit
07/08/2026;10:00:00;CET;;Virement par carte bancaire standard;Terminé;EUR;12,20;0,00;12,20;V1;;;;Crédit
"""
_PAYPAL_SENT: Final = """\
Date,Time,Timezone,Type,Status,Currency,Gross,Fee,Net,Transaction ID
02/13/2026,14:30:00,CET,Payment Received,Completed,EUR,100.00,2.50,97.50,T1
02/11/2026,14:30:00,CET,Non Reference Credit Payment,Completed,EUR,40.00,0.00,40.00,T4
02/14/2026,14:30:00,CET,Payment Received,Completed,EUR,250.00,5.00,245.00,T2
"""
_ETSY: Final = """\
Date;Type;Title;Info;Currency;Amount;Fees & Taxes;Net;Tax Details
August 1, 2026;Sale;Payment for Order #3301000001;--;USD;$110.00;--;$110.00;--
August 1, 2026;Fee;Processing fee;Order #3301000001;USD;--;-$3.00;-$3.00;--
August 1, 2026;Fee;Transaction fee: Cushion;Order #3301000001;USD;--;-$7.00;-$7.00;--
August 1, 2026;Tax;Sales tax paid by buyer;Order #3301000001;USD;--;-$10.00;-$10.00;--
August 1, 2026;Fee;Listing fee ($0.20);Listing #1;USD;--;-$0.20;-$0.20;--
August 2, 2026;Sale;Payment for Order #3301000002;--;USD;$60.00;--;$60.00;--
August 9, 2026;Refund;Refund for Order #3301000002;--;USD;-$60.00;--;-$60.00;--
August 9, 2026;Fee;Credit for transaction fee;Order #3301000002;USD;--;$1.00;$1.00;--
August 10, 2026;Marketing;Etsy Ads;--;USD;--;-$25.00;-$25.00;--
August 11, 2026;Deposit;$70.00 sent to your bank account;--;USD;--;--;$0.00;--
"""
REPORTS_ABROAD: Final = (
    Report("TikTok income of Brazil", "tiktok.income",
           _RENDA.format(total=_SETTLED, first="72,6", fees="-13,9") + _OTHERS, _RENDA_TRUTH, ";",
           told=("somam -231,60", "Reembolso de logística: 18,40")),
    Report("TikTok income with commissions beside the fees", "tiktok.income",
           _RENDA.format(total=_SETTLED, first="72,6", fees="-9,4"), _RENDA_TRUTH, ";"),
    Report("TikTok orders that are not settled", "tiktok.income",
           _RENDA.format(total="Valor estimado a ser liquidado", first="72,6", fees="-13,9"), _RENDA_TRUTH, ";",
           told=("ainda não liquidou", "a estimativa dele")),
    Report("TikTok income of Vietnam", "tiktok.income",
           _VIETNAM.format(at="Thời gian tạo đơn hàng", total="Tổng số tiền quyết toán"), _OF_ORDERS, ";",
           told=("somam -90.000,00", "“Tổng phí”")),
    Report("TikTok orders of Vietnam that are not settled", "tiktok.income",
           _VIETNAM.format(at="Ngày tạo đơn hàng", total="Số tiền quyết toán ước tính"), _OF_ORDERS, ";",
           told=("ainda não liquidou",)),
    Report("TikTok income of Indonesia", "tiktok.income", _INDONESIA, _OF_ORDERS, ";", told=("“Total Biaya”",)),
    Report("Shopee income of Indonesia", "shopee.income", _PENGHASILAN, _INCOME, ";"),
    Report("Shopee income of Vietnam", "shopee.income", _DOANH_THU, _INCOME, ";"),
    Report("PayPal's activity in French", "paypal.activity", _PAYPAL, {
        "own_store": {"revenue": 1150.0, "orders": 2, "units": 3, "refunds": 50.0, "fees": 32.0,
                      "net_without_freight": 1068.0, "period_days": 4},
    }, ";", told=("Virement par carte bancaire standard: 12,20",)),
    Report("PayPal's activity with fees without a sign", "paypal.activity", _PAYPAL_SENT, {
        "own_store": {"revenue": 350.0, "orders": 2, "fees": 7.5, "net_without_freight_and_refunds": 342.5},
    }, told=("Non Reference Credit Payment: 40,00",)),
    Report("Amazon transactions in German", "amazon.transactions", _GERMAN, _AMAZON, ";",
           told=("Servicegebühr: -20,00",)),
    Report("Amazon transactions in French, with taxes", "amazon.transactions", _FRENCH, _AMAZON, ";",
           told=("contém 20,00 de impostos",)),
    Report("Amazon transactions in Italian", "amazon.transactions", _ITALIAN, _AMAZON, ";"),
    Report("Amazon transactions in Japanese", "amazon.transactions", _JAPANESE, _AMAZON, ";"),
)  # fmt: skip
#: Of marketplaces that no channel is called after: the sales are of the one that the upload asks about.
OF_ITS_UPLOAD: Final = (
    Report("eBay transactions in German", "ebay.transactions", _EBAY, {
        "own_store": {"revenue": 160.0, "orders": 2, "units": 2, "refunds": 60.0, "fees": 14.0, "shipping_cost": 4.0,
                      "net_receipts": 82.0},
    }, ";", told=("Auszahlung: -80,00",)),
    Report("Etsy statement", "etsy.statement", _ETSY, {
        "own_store": {"revenue": 160.0, "orders": 2, "refunds": 60.0, "fees": 9.0, "net_receipts": 91.0},
    }, ";", told=("somam -25,20", "sem o imposto que a Etsy recolhe")),
)  # fmt: skip

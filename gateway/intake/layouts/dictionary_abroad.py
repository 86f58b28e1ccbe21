"""Names of columns of sales in French, Italian, German, Dutch, Polish and Turkish.

They add to `dictionary` and `dictionary_others`, and are compared in the same way. Buyers stand here, to be left out.
"""

from __future__ import annotations

from typing import Final

#: field -> its names, the best first
STRONG_ABROAD: Final[dict[str, str]] = {
    "order_id": """
        numero de commande, num commande, num cmd, numero commande, id commande, commande, reference commande, ref
        commande, id vente, numero de vente, numero de facture,
        numero facture, facture, numero ordine, id ordine, ordine, numero fattura, fattura, bestellnummer,
        transaktions id, transaktionsnummer, bestell nr, bestellnr, bestell id, verkaufs id, auftrags id, rechnungs id,
        auftragsnummer, auftrag, auftragsnr,
        rechnungsnummer, belegnummer, bestelnummer, ordernummer, factuurnummer,
        numer zamówienia, nr zamówienia, id zamówienia, zamówienie, numer faktury, nr faktury, transakcja
        id, id transakcji, nr transakcji, siparis no, siparis numarasi, sipariş no, sipariş id, fatura no, nr
        comanda, numar comanda, id comanda, comanda nr""",
    "sku": """
        code produit, code article, id produit, reference produit, ref produit, code prodotto, codice prodotto, codice
        articolo, id prodotto, artikelnummer, artikel nr, produktnummer, produkt id, artikel id, kod produktu, id
        produktu, indeks produktu, symbol produktu, ürün kodu, stok kodu, urun kodu, satici stok kodu, cod produs,
        cod articol, reference vendeur, ref vendeur""",
    "title": """
        produit, nom du produit, nom produit, libelle produit, designation, libelle article, prodotto, nome prodotto,
        articolo, descrizione prodotto, artikel, artikelname, artikelbezeichnung, produkt, produktname, bezeichnung,
        productnaam, nazwa produktu, nazwa towaru, nazwa oferty, towar, ürün, urun adi, məhsul,
        məhsul adi, mehsul adi, produs, nume produs, denumire produs""",
    "at": """
        date de commande, date commande, date cmd, date de vente, date vente, date de facture, date facture, data
        ordine, data vendita, data fattura, datum, bestelldatum, verkaufsdatum, auftragsdatum, rechnungsdatum,
        kaufdatum, orderdatum, besteldatum, verkoopdatum, data sprzedaży, data zamówienia, data zakupu, data
        wystawienia, tarix, tarih, sipariş tarihi, bestellzeitpunkt, data comenzii, data comanda, date de creation""",
    "status": """
        statut, sipariş statüsü, positionsstatus, statut de la commande, statut commande, etat de la commande, stato
        ordine, stato, bestellstatus,
        auftragsstatus, orderstatus, status zamówienia, stan zamówienia, durum, sipariş durumu, etat commande,
        paket durumu, stare comanda, status comanda""",
    "units": """
        quantite, quantite vendue, quantite commandee, nombre d articles, quantita, quantita venduta, menge, anzahl,
        stückzahl, stueckzahl, verkaufte menge, verkaufte stück, aantal, ilość, ilość sztuk, liczba sztuk, sztuki,
        stk, stück, stueck, verkaufte stk, anz, stuks, pieces vendues, nombre d unites, unites vendues, pezzi, pezzi
        venduti, q ta, qta, szt, szt sprzedane, adet, adedi, satiş adedi, satiş miktari, satilan adet, miktar,
        miktar kg, miqdar, bestellmenge, cantitate""",
    "revenue": """
        montant ttc, total ttc, prix total, montant total, chiffre d affaires, chiffre affaires, vente totale, total
        vente, montant, ca ttc, montant ht, total ht, ca ht, ca, revenu, revenus, importo, importo totale, totale,
        ricavo, ricavi, incasso, fatturato, prezzo totale, umsatz, gesamtpreis, gesamtbetrag, betrag, gesamt,
        gesamtumsatz, bruttoumsatz, erlös, omzet, totaalbedrag, bedrag, wartość, łączna wartość, wartość sprzedaży,
        wartość brutto,
        kwota, kwota brutto, przychód, przychody, utarg, obrót, suma, razem, tutar, toplam tutar, toplam, ciro,
         gelir, ümumi məbləğ, umumi mebleg, məbləğ, mebleg, satiş geliri, satiş tutari, toplam satiş, bestellwert,
         auftragswert, bestellsumme, gesamtsumme, positionspreis, positionswert, positionsbetrag,
         faturalanacak tutar, valoare, valoare totala, pret total""",
    "price": """
        prix unitaire, prix, prix de vente, prix de vente unitaire, prix vente, pu ttc, pu ht, prezzo unitario, prezzo,
        prezzo di vendita, einzelpreis, stückpreis, preis, verkaufspreis, vk preis, prijs, verkoopprijs, stukprijs,
        cena, cena jednostkowa, cena za sztukę, cena sprzedaży, cena brutto, cena netto, cena po rabacie, preis brutto,
        preis netto,
        bruttopreis, nettopreis, prix ttc, prix ht, prezzo netto, birim fiyat, birim fiyati, fiyat, satiş fiyati,
        satiş fiyat, vahid qiymət, vahid qiymet, qiymət, qiymet, pret, pret unitar, pret vanzare""",
    "fees": """
        frais de vente, commission marketplace, komisyon tutari, frais de plateforme, commissione, commissioni,
        gebühr, gebühren,
        verkaufsgebühr, provision, prowizja, komisyon""",
    "refund": "remboursement, montant rembourse, rimborso, rückerstattung, erstattung, zwrot środków, iade tutari",
    "discount": """
        remise, montant remise, sconto, rabatt, korting, rabat, indirim, indirim tutari, toplam indirim""",
    "shipping": "frais de port, frais de livraison, spese di spedizione, versandkosten, koszt dostawy, kargo ucreti",
    "dispatched": "date d expedition, date expedition, data spedizione, versanddatum, data wysyłki",
    "currency": "devise, valuta, währung, waluta, para birimi",
    "month": "mois, mese, monat, maand, miesiąc",
    "year": "annee, anno, jahr, jaar, rok",
}  # fmt: skip

#: field -> names that could as well mean something else
WEAKER_ABROAD: Final[dict[str, str]] = {
    "revenue": "vente, vendite, verkauf, sprzedaż",
    "sku": "indeks, kod, symbol, codice, artikel nr, art nr",
    "title": "opis, details, descrizione, beschreibung, article, libelle",
    "status": "etat",
}

#: concept -> its names; each begins with `_`, as none is a field
OTHERS_ABROAD: Final[dict[str, str]] = {
    "_person": """
        nom du client, nom client, client nom, code client, acheteur, nome cliente, codice cliente, acquirente, kunde,
        kundenname, kundennummer, käufer, klant, klantnaam, klient, nazwa klienta, imię, nazwisko, kupujący, sprzedawca,
        numer sprzedawcy, nr sprzedawcy, vendeur, venditore, verkäufer, müşteri, kode pelanggan, nama
        pelanggan, id pelanggan, pelanggan, pembeli, ma khach hang, khach hang, ten khach hang, ma kh, ten
        kh, kassir, kassir id, ma nhan vien, ten nhan vien, ma nv, id cliente, codigo de
        cliente""",
    "_place": """
        adresse, ville, pays, code postal, indirizzo, citta, paese, provincia, stadt, ort, plz, land, miasto, kraj,
        ulica, województwo, şehir, ülke, adres""",
    "_cost": """
        cout unitaire, prix d achat, costo unitario, prezzo di acquisto, einkaufspreis, ek preis, einstandspreis, koszt
        jednostkowy""",
    "_cost_total": "cout total, cout du produit, costo totale, gesamtkosten, koszt całkowity",
    "_list_price": """
        cena katalogowa, cena detaliczna, cena hurtowa, cena sugerowana, sugerowana cena detaliczna, cena promocyjna,
        cena regularna, uvp, listenpreis, katalogpreis, prix public, prix catalogue, prix de gros, prix conseille,
        prezzo listino, prezzo di listino, prezzo al pubblico, prezzo consigliato, adviesprijs, precio mayorista, precio
        minorista, precio de lista, precio publico, harga awal""",
    "_tax": "taxe, tva, montant tva, aliquota iva, mehrwertsteuer, mwst, steuer, podatek, kdv",
    "_margin": "benefice, benefice brut, marge, utile, guadagno, gewinn, marża, zysk",
    "_ads": """
        luot hien thi, nguoi tiep can, ten chien dich, nhom quang cao, ten nhom quang cao, luot click, chi phi tren moi
        ket qua, chi bao ket qua""",
    "_ad_spend": "so tien da chi tieu, chi phi quang cao",
    "_stock": "stock actuel, quantite en stock, giacenza, bestand, bestand stueck, lagerbestand, stan magazynowy",
    "_stock_other": "sicherheitsbestand, mindestbestand, stock minimum, scorta minima",
    "_category": """
        categorie, gamme, gamme de produit, type de produit, marque, couleur, taille, reparto, marchio, kategorie,
        warengruppe, marke, farbe, kategoria, marka, kolor, rozmiar""",
    "_returned_at": "retoure id, retourendatum, retourennummer, date de retour, data reso, data zwrotu",
    "_supplier": "fournisseur, nom du fournisseur, fornitore, lieferant, leverancier, dostawca, tedarikci",
    "_shop": """
        negozio, magasin, filiale, filial id, symbol sklepu, sklep, mağaza, detaillant, boutique, cabang, id cabang,
        kode cabang, nama cabang, id toko, kode toko, id distributor""",
    "_payment": "mode de paiement, moyen de paiement, metodo di pagamento, zahlungsart, forma płatności",
    "_target": "revenu prevu, revenus prevus, objectif, prevision, soll, plan",
}  # fmt: skip

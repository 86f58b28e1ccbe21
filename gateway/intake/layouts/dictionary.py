"""Names of columns of sales in Portuguese, English, Spanish, Vietnamese, Indonesian and Thai.

Names are compared in their normal form (`names.words`), so case, accents, `_`, plurals, short forms and currencies in
brackets need no entry of their own. A weak name fits several fields: the column's content has to agree.
No name here may be a person's: buyers stand in `dictionary_others`, to be left out.
"""

from __future__ import annotations

from typing import Final

#: How sure a weak name is, where a full one is 1.
WEAK: Final = 0.7

#: field -> its names, the best first
STRONG: Final[dict[str, str]] = {
    "order_id": """
        id do pedido, numero do pedido, n pedido, pedido, codigo do pedido, pedido id, id da venda, numero da venda,
        codigo da venda, pedido de venda, numero da ordem, ordem de venda, id transacao, pedido marketplace, nota
        fiscal, numero pedido loja, numero do pedido no marketplace, numero no
        marketplace, id no marketplace, codigo no marketplace, numero do pedido multiloja, pedido ecommerce, cupom
        fiscal, numero do pedido no e-commerce, numero da encomenda, encomenda, n encomenda, numero nf, nf, nfe,
        numero da nota, numero nota fiscal, order id, order
         number, order, order no, order ref, order reference, order code, sub order no, sub order id, order release
         id, store order id, sale id, sales order, transaction id, invoice number, invoice no, invoice id, invoice,
         order sn, numero de orden, id de orden, orden, id de pedido, numero de venta, id de venta, ma don hang, ma don,
         so don hang, ma dh, kode pesanan, kode order, kode transaksi, numero da comanda, id penjualan, no penjualan, no
        pesanan, nomor pesanan, id pesanan, no faktur, nomor invoice, nomor faktur, no transaksi, nomor transaksi, id
        struk, no struk, nomor struk, bill no, bill number, หมายเลขคำสั่งซื้อ, receipt number, receipt no, receipt id,
        ticket number, ticket no, purchase id, voucher number, increment id, pedido mkt,
        numero do pedido mkt, numero de comprobante, comprobante, numero de factura, factura,
        ma hoa don, so hoa don, เลขที่คำสั่งซื้อ, เลขที่ใบสั่งซื้อ, referencia de venta,
        referencia da venda, referencia del pedido, referencia do pedido""",
    "sku": """
        sku, codigo sku, sku do produto, sku code, sku id, seller sku, sku vendedor, sku do vendedor, sku principal, sku
        marketplace, id sku, merchant sku, codigo do produto, id do produto, codigo do item, cod mercadoria, codigo
        interno, codigo de barras, ean, gtin, referencia do produto, part number, item sku, variant sku, product id,
        product code, product number, product sku, item code, item number, stock code, barcode, asin, style code, model
        number, item identifier, product identifier,
        codigo de producto, numero de producto, id producto, ma san pham, sku san pham, sku phan loai hang, kode
        produk, kode barang, nomor sku, nomor referensi sku, เลขอ้างอิง sku (sku reference no.), sku reference no,
        product key, codigo articulo, codigo de articulo, id articulo, lineitem sku, id barang, id produk, spu, spu
        code,
        ma hang, ma hang hoa, ma vach, รหัสสินค้า""",
    "title": """
        produto, nome do produto, descricao do produto, titulo do anuncio, titulo, anuncio, nome do sku, sku
        name, produto nome, item vendido, nome do item, descricao do item, desc produto, desc item, qual
        produto, mercadoria, produto vendido, titulo do produto, produto descricao, artigo, product, product
        name, product title, item name, item description, product description, title, item title, listing title,
        lineitem name, producto, nombre del producto, platillo, titulo de la publicacion, articulo, descripcion del
        producto, descripcion articulo, descripcion del articulo, nombre articulo,
        ten san pham, san pham, nama produk, nama barang, produk, ชื่อสินค้า, ten hang, ten hang hoa,
        deskripsi produk, ten sp, ds produto""",
    "at": """
        doc date, posting date,
        data da venda, data do pedido, data da compra, data de criacao do pedido, data de criacao, data de emissao, data
        venda, data, emissao, data hora, data e hora, data do faturamento, data faturamento, criado em, carimbo de data
        hora, data de pagamento, data da transacao, data e hora do pedido, realizado em, dia da venda, data movimento,
        order date, date, sale date, sales date, purchase date, created at, order created at, date created, creation
        date, order creation date, order creation time, order time, created time, invoice date, transaction date, order
        datetime, ord date, purchased at, fecha de venta, fecha del pedido, fecha, fecha de compra, fecha de creacion,
        ngay dat hang, ngay ban, ngay don hang, ngay, thoi gian tao don hang, tanggal pesanan, tanggal,
        waktu pesanan dibuat,
        tanggal penjualan, tanggal pembayaran, tgl, tgl transaksi, ngay dat, ngay tao, tanggal transaksi, waktu order,
        waktu pesanan, waktu transaksi, transaction time, tanggal & waktu, order paid time, วันที่ทำการสั่งซื้อ,
        timestamp, datetime, date time, hora do pedido, hora da venda, hora da compra, hora de criacao,
        hora da criacao, horario de criacao, sold date, date sold, sold on, data da encomenda, data da fatura,
        dt fatur, วันที่,
        วันที่สั่งซื้อ, fecha hora, fecha de pago, fecha de factura, fecha de emision, fecha orden, fecha de la orden""",
    "status": """
        status do pedido, status final do pedido, status final, status atual do pedido, situacao do pedido, status,
        situacao, estado do pedido, status da venda, situacao da venda, situacion, situacion del pedido, situacion de
        la orden, situacion de la venta, estatus, estatus del pedido, estatus de la orden, estado de la venta,
        status da transacao, situacao da transacao, status da compra, status da operacao, transaction status, seller
        status, status pedido, status do item, situacao da nota, etapa do pedido, order status, sale status, status
        name, order state, reason for credit entry, live order status, fulfillment status, delivery status, courier
        status, estado del pedido, estado de la orden, estado de envio, estado del envio, status do envio, trang thai
        don hang, trang thai, status pesanan, status terakhir, status transaksi, สถานะการสั่งซื้อ, tinh trang, tinh
        trang don hang, สถานะ, สถานะคำสั่งซื้อ""",
    "units": """
        quantidade vendida, unidades vendidas, quantidade, qtd itens, quantidade de itens, pecas, pecas
        vendidas, itens vendidos, quantidade do produto, quantidade do item, quantidade pedida, qtde vend, qtd
        vendas, qtde vds, quantas unidades, total de itens, quantidade comprada, unidades, volumes vendidos,
        quantity sold, units sold, quantity, units, order quantity, quantity ordered, item quantity, pcs,
        pieces, pcs sold, items sold, quantity purchased, unit sold, cantidad vendida, cantidad, so luong ban,
        so luong, so luong ban ra, sl ban, cantidad pedida,
        jumlah terjual, jumlah, jumlah barang, jumlah produk dibeli, jumlah produk, terjual, kuantitas, kuantitas
        penjualan, qty terjual, จำนวน, lineitem quantity, sl, piezas, piezas vendidas, pza, pz, uds,
        uds vendidas, numero de piezas, numero de unidades, numero de pecas, number of units, number of pieces, no of
        units, no of pcs, units shipped, quantity shipped, boxes shipped, itens comprados, items purchased,
        transaction quantity, quantidade faturada, qtd fatur, quantidade atendida, tamanho pedido, tamanho do
        pedido, order size""",
    "returned_units": """
        quantidade devolvida, unidades devolvidas, qtd devolucao, devolvidas, devolvidos, pecas devolvidas,
        itens devolvidos, returned quantity, returned units, quantity returned, returns, devolucoes, units
        returned, refunded quantity, cantidad devuelta, so luong san pham duoc hoan tra, jumlah produk
        dikembalikan, qtd dev, qtd devol, units refunded, refunded units, items refunded, unidades reembolsadas""",
    "revenue": """
        valor dos produtos, valor dos itens, valor total dos itens, valor total dos produtos, valor total da venda,
        valor total venda, total da venda, valor da venda, valor total do item, total do item, valor total, receita,
        faturamento, receita de vendas, receita bruta, receita total, faturamento bruto, faturamento total, valor
        faturado, valor vendido, venda bruta, valor da venda original, valor original da venda, subtotal, preco total,
        valor final, valor total final,
        total do produto, valor bruto, total de vendas, vendas totais, montante, valor total pedido, valor do pedido,
        total do pedido, valor total bruto, valor da nota, total da nota, valor total da nota, total da nf, valor da nf,
        valor total da nf, valor da compra, valor da transacao, transaction value, transaction amount, revenue, sales,
        total sales, outlet sales, store sales, actual sales, actual revenue, achieved sales,
        gross sales, sales amount, total amount, amount, gross amount, total revenue, net sales, order
        total, item total, line total, total price, extended price, item price total, order amount, order value, net
        amount, turnover, gross revenue, net revenue, product subtotal, total value, sale amount, sales value, gmv,
        faturamento bruto sem impostos, valor de compra sem impostos, gross merchandise value,
        total factura, valor factura, importe factura, monto factura, total comprobante, base imponible, venta neta,
        ventas netas,
        ingresos, ventas totales, monto, monto total, importe, importe total, total venta, facturacion, doanh thu, tong
        tien, doanh thu theo thang, tong doanh thu theo thang, thanh tien, tong gia ban (san pham), total penjualan,
        omzet, pendapatan, total harga produk, total harga,
        ราคาขายสุทธิ, n. revenue, total pendapatan, total omzet, tong doanh thu, total de ingresos, ingreso total,
        purchase revenue, untaxed total, untaxed amount, weekly sales, daily sales, monthly sales, sold total, sold
        amount, sold for,
        venda do dia, faturamento do dia, receita do dia, venda diaria, faturamento diario, ventas del dia,
        valor de la venta, monto de la venta, importe de la venta, total pemasukan, pemasukan,
        total da linha, total linha, total de linea, total linea, total del detalle, total detalle, total renglon,
        ยอดรวม, ยอดขาย, total invoice value, tong cong, jumlah harga""",
    "price": """
        preco unitario, valor unitario, preco de venda, preco, valor de venda unitario, preco de venda unitario, preco
        final, preco medio, preco do produto, preco praticado, valor por unidade, preco por unidade,
        preco por caixa, preco por peca, net price, net unit price,
        discounted unit price, post discount price, price after discount, unit price, price,
        item price, selling price, sale price, sell price, price each, rate, unit value, lineitem price, deal price,
        price per unit,
        average price, supplier discounted price, discounted price, mrp price sold, precio unitario, precio,
        precio por caja, precio caja, precio por pieza, precio de venta, don gia, gia ban, gia uu dai, harga satuan,
        harga, harga jual, harga penjualan,
        harga setelah diskon, ราคาขาย, consumer price, sold price, offer price, preco da oferta,
        precio pagado, preco pago, paid price, ราคาต่อหน่วย, pr unitario, pr venda, preco por litro, precio por litro,
        price per litre, price per liter""",
    "fees": """
        tarifa, comissao, comissao do marketplace, taxa do cartao, taxa da maquininha, taxa de comissao, tarifa de
        venda, tarifas, taxa do
        marketplace, taxa marketplace, valor da comissao, comissao da plataforma, comissao total, custo de
        comissao, taxa de processamento, taxa gateway, taxas e comissoes, tarifas e impostos, taxa de venda, total de
        taxas, valor comissao, taxas totais, taxas do canal, tarifa do canal, tarifa do mercado pago, fees, commission,
        marketplace fee, commission fee, selling fee, platform fee, channel fee, total fees, referral fee,
        transaction fee, processing fee, card processing fee, payment processing fee, desconto de mdr, desconto mdr,
        valor mdr, valor da taxa mdr, valor taxa tarifa, taxa tarifa, valor da taxa tarifa, taxa mdr,
        desconto de antecipacao, desconto unificado, taxa eduzz, taxa hotmart, taxa kiwify,
        taxa monetizze, taxa braip, taxa ticto, taxa perfectpay, taxa hubla, taxa lastlink, taxa cakto, taxa da
        plataforma, tarifa da plataforma, pay pal fee, taxa pay pal, tarifa pay pal, taxa pag seguro, tarifa pag seguro,
        sum up fee, taxa sum up,
        comision, comisiones, cargo por venta, cargo por venta e impuestos, cargos por venta, comision por
        venta, comision de venta, phi san, phi san giao dich, phi giao dich, phi hoa hong, hoa hong, tong phi,
        biaya platform, biaya layanan, biaya admin, komisi, phi co dinh, biaya administrasi, biaya komisi, tarifa mkt,
        taxa mkt, comissao mkt, final value fee, final value fee variable, final value fee fixed, custo do marketplace,
        custo da plataforma, custo do canal, marketplace cost, platform cost, mkt fee, mp fee, seller fee, admin fee,
        administration fee, phi thanh toan, chi phi san, potongan admin, potongan marketplace, potongan biaya admin""",
    "shipping": """
        custo de frete, custo do frete, frete pago pelo vendedor, frete vendedor, custo de envio, frete do
        vendedor, frete a cargo do vendedor, coparticipacao de frete, coparticipacao frete, custo envio, tarifa de
        envio, custo logistico, frete, frete pago,
        valor do frete, shipping cost, freight cost, seller shipping, seller shipping fee, freight, shipping,
        costo de envio, seller shipping cost, costo de despacho, costo despacho, valor despacho, valor del despacho,
        biaya pengiriman, biaya pengiriman tunai, ongkos kirim, ongkir, biaya kirim, phi van chuyen,
        gastos de envio vendedor, costo envio vendedor, envio a cargo del vendedor, frete empresa, freight out,
        shipping paid by seller, ongkir penjual, ongkir seller, ongkos kirim penjual, phi ship, phi van chuyen shop,
        ongkos kirim ditanggung penjual, biaya pengiriman ditanggung penjual, phi van chuyen nguoi ban tra""",
    "refund": """
        reembolso, valor reembolsado, valor do reembolso, estorno, valor estornado, valor devolvido, valor da
        devolucao, refund, refund amount, refunded total, total refunded, refund total, total reembolsado,
        refunded amount, amount refunded, order refund amount, reembolsado, importe reembolsado, cancelamentos e
        reembolsos, hoan tien, tien hoan, so tien hoan""",
    "discount": """
        desconto, valor do desconto, valor desc, total desc, disc amount, desconto do vendedor, desconto total,
        total de descontos, descontos, valor desconto, desconto aplicado,
        discount, discount amount, seller discount, total discount, discounts,
        descuento, incentivo promocional da loja, promocao custeada pela loja,
        promotions on items, offers on items, descontos assumidos pelo parceiro,
        desconto assumido pela loja, desconto pago pela loja, giam gia, diskon, diskon dari penjual, diskon penjual,
        potongan harga, chiet khau, tien giam gia, giam gia cua nguoi ban, descuento del vendedor, monto descuento,
        monto de descuento, bonificacion,
        desconto do cupom, valor do cupom, cupom do vendedor, cupom da loja, voucher do vendedor, seller coupon, seller
        voucher, coupon discount, coupon amount, coupon value, descuento del cupon, valor del
        cupon, descuento aplicado, descuento vendedor, descuento tienda, desconto concedido, desconto dado, discount
        applied, desc aplicado, desc, giam gia shop""",
    "advertised": """
        venda por publicidade, anuncio patrocinado, venda patrocinada, venda com ads, venda por ads, sponsored,
        advertising sale, venta por publicidad""",
    "channel": """
        canal de venda, marketplace, canal, plataforma, canal venda, origem do pedido, origem da venda,
        integracao, nome do canal, nome do marketplace, canal marketplace, sales channel, channel, platform,
        order source, canal de venta, e-commerce, ecommerce, kenh ban, saluran penjualan, mktplace""",
    "dispatched": """
        data de envio, data do envio, data de despacho, data da expedicao, despachado em, enviado em, data
        envio, data de postagem, ship date, shipped at, shipped time, dispatch date, shipping date, date
        shipped, fulfilled at, fecha de envio, thoi gian giao hang, waktu pengiriman diatur""",
    "currency": "moeda, currency, currency code, codigo da moeda, moneda, mata uang, order currency",
    "year": "ano, year, ano da venda, sales year, nam, tahun, anio",
    "month": """
        mes, month, mes da venda, sales month, thang, bulan, month number, ano mes, anomes, year month, anio mes, mes de
        referencia, thang nam, bulan tahun""",
    "day": "dia, day, dia do mes, day of month, hari",
}  # fmt: skip

#: field -> names that could as well mean something else
WEAKER: Final[dict[str, str]] = {
    "order_id": """
        cupom, venda, transacao, numero, id, ordem, controle, documento, doc, venta, comanda, boleta, folio, nota,
        transaction no""",
    "sku": """
        codigo, referencia, ref, modelo, material, id item, item id, produto, product, style, article, id anuncio,
        variacao""",
    "title": """
        item, descricao, denominacao, description, nome, name, itens, servico, servicio, service, modelo,
        categoria do produto,
        style, descripcion, deskripsi, nama item""",
    "at": "dia, day, periodo, mes, month, quando, when, emitido em, inclusao, data base",
    "status": """
        estado, state, etapa, fase, andamento, phase, stage, current phase, current stage, fase atual, etapa atual""",
    "units": "quant vendas, vendidos, vendidas, sold, numero de itens, n itens, itens, items, volume, saida, saidas",
    "returned_units": "returned, devolvido, retornos",
    "revenue": """
        vendas, venda, total, valor, bruto, valor liquido, liquido, receita liquida, faturamento liquido, total
        geral, total vendido, valor recebido, grand total, net, income, proceeds, value, soma, total final, grand total
        base, total geral base, venta, ventas, neto, valor pago, total pago, bill amount, bill total, invoice
        amount, invoice total, invoice value, penjualan""",
    "price": """
        valor, value, unitario, custo unitario de venda, vlr, preco tabela, preco de lista, list price, original
        price""",
    "fees": """
        taxa, taxas, fee, encargos, descontos do marketplace, charges, taxa de servico, service fee, tarifa de servicio,
        taxa de conveniencia, convenience fee, taxa de administracao, taxa adm, phi dich vu""",
    "shipping": "envio, entrega, logistica, delivery fee, shipping fee",
    "refund": "devolucao, devolucoes, estornos, returns, returns value, cancelado",
    "discount": "cupom, promocao, voucher, rebate, disc, potongan",
    "advertised": "publicidade, ads, patrocinado, advertising, anuncio pago",
    "channel": "loja, origem, store, shop, source, site, vendido em, onde, tienda, toko, fonte",
    "dispatched": "envio, expedicao, despacho, postagem, shipped",
}  # fmt: skip

MONEY: Final = frozenset(("revenue", "price", "fees", "shipping", "refund", "discount"))

"""Names of other columns in tables of shops: known, so that they are neither mistaken for a field nor read.

`_person` and `_place` tell of buyers: such a column is neither read nor shown.
"""

from __future__ import annotations

from typing import Final

#: concept -> its names; each begins with `_`, as none is a field
OTHERS: Final[dict[str, str]] = {
    "_person": """
        cliente, nome do cliente, nome, comprador, nome do comprador, destinatario, nome do destinatario, consumidor,
        limite de credito, credito disponivel, credit limit, available credit,
        usuario, nome de usuario, contato, responsavel, recebedor, titular, cpf, cnpj, cpf cnpj, cpf do cliente, rg,
        documento do cliente, documento, email, e mail, telefone, celular, whatsapp, fone, data de nascimento, sexo,
        genero, idade, razao social, inscricao estadual, vendedor, nome do vendedor, atendente, id do cliente, codigo do
        cliente, observacao, observacao do comprador, nota, comentario, customer, customer name, buyer, buyer name,
        client, client name, name, first name, last name, full name, recipient, receiver, receiver name, username, user,
        user id, customer id, phone, phone number, birth date, gender, age, salesperson, sales rep, cashier, cli,
        cashier id, employee id, sales rep id, sales
        rep name, sales representative, representante, seller name, email address, billing name, shipping name, note,
        remark, customer email, client document, cliente nombre, nombre, correo, telefono, nguoi mua, nguoi nhan, so
        dien thoai, nama penerima, username pembeli, no telepon, funcionario, nome do
        funcionario, colaborador, employee, employee name""",
    "_place": """
        endereco, endereco de entrega, rua, logradouro, bairro, cep, complemento, cidade, municipio, uf, estado,
        pais, regiao, provincia, address, street, zip, zip code, postal code, city, state, country, region, county,
        province, district, ship city, ship state, ship country, ciudad, direccion, codigo postal, dia chi, alamat,
        kota, provinsi""",
    "_coupon": """
        codigo do cupom, codigo cupom, codigo de cupom, codigo promocional, codigo de desconto, codigo do desconto,
        coupon code, discount code, promo code, voucher code, codigo de cupon, codigo del cupon, codigo de descuento""",
    "_cost": """
        custo unitario, custo, custo por unidade, custo do produto, preco de custo, valor de custo, custo medio, custo
        medio unitario, ultimo custo, custo de compra, custo de aquisicao, preco de compra, cmv, cogs, custo da
        mercadoria, unit cost, cost, cost per unit, cost per item, cost price, purchase price, buying price,
        bought price, product cost, landed cost, average cost, cost of goods, cost of goods sold, costo unitario, costo,
        costo por unidad, precio de costo, precio de compra, costo promedio, costo de compra, coste, coste unitario,
        precio de coste, pr custo, hpp, harga pokok, harga modal, harga beli""",
    "_cost_total": """
        custo total, valor do estoque, valor em estoque, valor total do estoque, total cost, stock value, inventory
        value, inventory cost, costo total, coste total, valor del inventario, valor del stock""",
    "_packaging": """
        embalagem, custo de embalagem, custo da embalagem, custo com embalagem, packaging, packaging cost, packing cost,
        empaque, costo de empaque, embalaje, costo de embalaje, coste de embalaje""",
    "_tax_rate": """
        aliquota, aliquota de imposto, aliquota do imposto, taxa de imposto, imposto percentual, percentual de imposto,
        aliquota simples nacional, tax rate, sales tax rate, vat rate, tax percent, tax percentage, alicuota, tasa de
        impuesto, tasa de iva, tipo de iva""",
    "_tax": """
        imposto, impostos, icms, ipi, pis, cofins, iss, tax, taxes, vat, gst, tax amount, item tax, impuesto, iva,
        simples nacional""",
    "_valid_from": """
        valido desde, valido a partir, vigencia, vigente desde, inicio da vigencia, data de vigencia, inicio de
        vigencia,
        valid from, valid since, effective from, effective date, vigencia desde, fecha de vigencia""",
    "_counted_on": """
        data do estoque, data do saldo, data da contagem, data do inventario, contado em, posicao em, stock date,
        inventory date, snapshot date, counted on, count date, fecha de inventario, fecha del stock""",
    "_margin": """
        margem, lucro, lucro bruto, lucro liquido, margem de lucro, profit, margin, gross profit, markup, ganancia,
        utilidad, utilidad bruta, utilidad neta, roi""",
    "_stock": """
        estoque disponivel, disponivel, quantidade disponivel, unidades disponiveis, saldo disponivel, estoque atual,
        estoque, saldo em estoque, saldo, saldo atual, quantidade em estoque, unidades em estoque, estoque fisico,
        estoque total, available, available stock, available quantity, quantity available, available units, on hand,
        quantity on hand, units on hand, stock on hand, stock, current stock, stock quantity, stock level, in stock,
        units in stock, inventory, inventory quantity, variant inventory quantity, inventory level, closing stock,
        ending stock, ending inventory, estoque final, stock final, stok, ton kho, stock disponible, disponible,
        cantidad disponible, cantidad en stock, stock actual, unidades en stock, existencias, existencia, inventario,
        inventario disponible, inv units, inventory units, inv qty, จำนวนพร้อมขาย, จำนวนคงเหลือ, คงเหลือ, ยอดคงเหลือ,
        สต็อก, สต๊อก, คลัง, จำนวนในคลัง""",
    "_stock_other": """
        estoque minimo, estoque maximo, estoque reservado, estoque ideal, estoque de seguranca, deposito, warehouse,
        reserved, variant inventory tracker,
        reservado, quantidade reservada, reserved quantity, reserved stock, minimum stock, maximum stock,
        safety
        stock, opening stock, estoque inicial, stock inicial,
        reorder point, ponto de pedido, stock minimo, stock maximo, stock reservado, almacen""",
    "_pack": """
        quantidade minima, qtd minima por pedido, quantidade por caixa, quantidade da caixa, quantidade por embalagem,
        quantidade por pacote, unidades por caixa, unidades por embalagem, pecas por caixa, itens por caixa, multiplo,
        multiplo de venda, pedido minimo, minimum quantity, minimum order quantity, minimum order, min order quantity,
        min quantity, min qty, moq, pack size, units per pack, units per box, units per case, quantity per pack,
        quantity per box, quantity per case, case pack, case quantity, pieces per box, cantidad minima, cantidad por
        caja, unidades por caja, piezas por caja""",
    "_reimbursed": """
        reimbursement id, original reimbursement id, reimbursement type, original reimbursement type, quantity
        reimbursed, quantity reimbursed cash, quantity reimbursed inventory, quantity reimbursed total, units
        reimbursed""",
    "_list_price": """
        preco de tabela, preco sugerido, preco promocional, preco de lista, preco cheio, supplier listed price, listed
        price, mrp, tp, msrp, compare at price, rrp, mrp old, final mrp old, amazon mrp, amazon fba mrp, flipkart mrp,
        myntra mrp, paytm mrp, snapdeal mrp, limeroad mrp, ajio mrp, preco minimo, preco maximo, preco atacado, preco
        varejo, wholesale price, retail price""",
    "_ads": """
        impressoes, impressao, cliques, clique, ctr, cpc, cpm, acos, roas, campanha, nome da
        campanha, grupo de anuncios, palavra chave, custo por clique, taxa de cliques, impressions,
        clicks, campaign, campaign name, ad group, keyword, cost per click, clics,
        impresiones, alcance, reach""",
    "_ad_spend": """
        investimento, investimento moeda local, gasto, valor gasto, valor usado, valor investido, total investido, gasto
        total, investimento em publicidade, investimento em anuncios, gasto com publicidade, gasto com anuncios, custo
        de publicidade, custo da publicidade, custo dos anuncios, custo de anuncios, custo da campanha, despesa com
        anuncios, spend, ad spend, ads spend, amount spent, total spend, ad cost, ads cost, advertising cost, campaign
        cost, inversion, inversion publicitaria, gasto publicitario, costo de publicidad, costo publicitario""",
    "_visits": """
        visitas, visitantes, visualizacoes, page views, sessions, sessoes, conversao, taxa de conversao, views,
        visits, visitors, store visitors, online store visitors, online store sessions, unique visitors""",
    "_category": """
        categoria, subcategoria, departamento, marca, colecao, grupo, familia, linha, cor, tamanho, variacao,
        segmento, category, product line, linha de produto, product category, product type, sub category,
        subcategory, brand, department, size, color, colour, collection, variation, variant, group, tipo, type,
        fabric, ncm, unidade de medida, kategori, nama variasi, peso, weight, b2b""",
    "_supplier": "fornecedor, nome do fornecedor, supplier, supplier name, vendor, proveedor",
    "_delivery": """
        data de entrega, data prevista de entrega, previsao de entrega, data entrega, prazo, prazo de entrega,
        eta, carrier, carrier id, courier id, id transportadora,
        entregue em, data limite de envio, data estimada, delivery date, estimated delivery, delivered at, deadline,
        promised date, ma van don, data de vencimento, vencimento, due date, data de
        cadastro, primeira compra, data da primeira compra, ultima compra, data da ultima compra, first purchase, first
        purchase date, last purchase, last purchase date, last order date, updated at, atualizado em, data de
        atualizacao, last change date, data de pagamento, paid at, data da devolucao, approved at, fulfilment, ship
        service level, shipping method, forma de envio, transportadora,
        rastreio, codigo de rastreio, codigo de rastreamento, rastreamento, numero de rastreamento, tracking number,
        tracking id, tracking code, awb, codigo de seguimiento, metodo de envio, courier, tracking""",
    "_buyers_freight": """
        frete pago pelo comprador, frete pago pelo cliente, frete cobrado, frete cobrado do cliente, frete do comprador,
        shipping paid by buyer, shipping paid by customer, buyer paid shipping, buyer paid shipping fee, shipping
        charged, shipping total, envio pagado por el comprador, envio cobrado, envio cobrado al cliente,
        ongkos kirim dibayar oleh pembeli, ongkos kirim dibayar pembeli, ongkir dibayar pembeli, ongkir pembeli,
        phi van chuyen nguoi mua tra, phi van chuyen khach tra, phi ship khach tra, phi ship nguoi mua tra""",
    "_cancelled_at": """
        data de cancelamento, data do cancelamento, cancelado em, data hora do cancelamento, cancelled at, canceled at,
        cancelled time, cancellation date, cancelled date, fecha de cancelacion, fecha hora de cancelacion, cancelado,
        cancelada, foi cancelado, pedido cancelado, venda cancelada, cancelled, canceled, is cancelled, is canceled,
        order cancelled, voided, is voided, void, is void, anulado, anulada, esta anulado, storniert, annule""",
    "_payment": """
        forma de pagamento, meio de pagamento, pagamento, metodo de pagamento, bandeira, parcelas, condicao de
        pagamento, payment method, payment type, payment, installments, metodo de pago, phuong thuc thanh toan,
        codigo de autorizacao, codigo da autorizacao, numero da autorizacao, authorization code, metode pembayaran,
        numero de parcelas, quantidade de parcelas, qtd parcelas, tipo de pagamento, numero de
        prestacoes""",
    "_rating": """
        avaliacao, avaliacao da compra, avaliacao do cliente, avaliacao do produto, nota da avaliacao, nota da compra,
        estrelas, rating, ratings, review score, customer rating, product rating, review rating, stars, calificacion,
        puntuacion""",
    "_paid": """
        status do pagamento, situacao do pagamento, status pagamento, payment status, financial status, estado del
        pago""",
    "_cancelled_units": """
        quantidade cancelada, qtd cancelada, itens cancelados, pecas canceladas, cancelled
        quantity, quantity cancelled, quantity canceled, canceled quantity, cancelled units, units cancelled, cancelled
        items, cantidad cancelada, unidades canceladas""",
    "_owed": """
        saldo devedor, saldo a receber, contas a receber, saldo pendiente, saldo deudor, outstanding balance, balance
        due, amount due, saldo piutang, piutang, saldo utang, saldo hutang, utang, hutang""",
    "_count": """
        numero de pedidos, quantidade de pedidos, total de pedidos, pedidos realizados, qtd vendas, quantidade de
        vendas, numero de vendas, number of orders, orders count, order count, total orders, orders quantity,
        transactions, jumlah sales""",
    "_target": """
        acumulado, venda acumulada, acumulado no mes, acumulado do mes, running total, cumulative,
        meta, metas, objetivo, orcado, previsto, target, goal, budget, forecast, variacao percentual, crescimento,
        growth""",
    "_average": """
        ticket medio, valor medio, valor medio por pedido, valor medio do pedido, ticket promedio, average ticket,
        average order, average order value, aov""",
    "_share": """
        percentual, percentual do total, participacao, representatividade, share, porcentagem, percentual desconto,
        percentual comissao, taxa percentual""",
    "_row": """
        linha, indice, index, row id, row, seq, sequencia, item numero, id linha, row number, serial number, sr no,
        unnamed, order item id, order item no, order item number, order item code, id do
        item do pedido, numero do item do pedido""",
    "_shop": """
        filial, unidade de negocio, distribuidora, id loja, codigo da loja, nome da loja, loja fisica, branch, store
        id, store name, outlet, pdv""",
    "_reason": """
        motivo, motivo do cancelamento, motivo da devolucao, motivo do reembolso, reason, cancel reason, return
        reason, reason for return, causa""",
    "_back_cost": """
        return cost, returns cost, cost of return, cost of returns, custo da devolucao, custo de
        devolucao, custo das devolucoes, custo do retorno, costo de devolucion, costo de la devolucion, coste de
        devolucion, costo de devoluciones""",
    "_returned_at": """
        cancel return date,
        data da devolucao, data de devolucao, devolvido em, return date, returned at, data do retorno, return id, id
        da devolucao, numero da devolucao, fecha de devolucion, id devolucion""",
    "_budget": """
        despesa, despesas, fornecedor da despesa, centro de custo, conta contabil, categoria da despesa, conta a
        pagar, comercio, payee, beneficiario, favorecido, expense, expenses, cost center, historico, debito,
        credito, lancamento, saldo anterior, proventos, base do inss, inss, fgts, salario, salario
        base, salario bruto, salario liquido, vale transporte, vale refeicao, vale alimentacao, horas extras""",
    "_bought": """
        purchase order number, po number, po line item id, payment instrument type, ordering customer email,
        account group, product condition, carrier name tracking number""",
    "_abandoned": """
        tipo de abandono, data de abandono, data do abandono, motivo do abandono, abandonado em, carrinho abandonado,
        carrinhos abandonados, abandoned at, abandoned checkout, abandoned cart, abandoned checkout url, abandonment
        type, abandono, fecha de abandono, carrito abandonado""",
    "_feed": """
        availability, image link, additional image link, image url, item group id, google product category, fb product
        category, mobile link, identifier exists, sale price effective date""",
    "_payout": """
        payout date, payout status, payout id, charges, reserved funds, retried amount, data do repasse, valor do
        repasse, id do repasse, status do repasse, fecha de pago al vendedor""",
    "_period": """
        time, horario, semana, trimestre, semestre, quarter, week, weekday, dia da semana, hora, hour, months""",
}  # fmt: skip

#: Words that may stand in a name besides without changing what it is.
NEUTRAL: Final = (
    *("produto", "product", "producto", "item", "venda", "sale", "venta", "pedido", "order", "pesanan", "don", "hang"),
    *("loja", "vendido", "vendida", "realizado", "canal", "marketplace", "atual", "geral", "line", "linha", "registro"),
    *(
        "brl",
        "real",
        "reais",
        "site",
        "mercado",
        "livre",
        "meli",
        "ml",
        "shopee",
        "magalu",
        "amazon",
        "tiktok",
        "shein",
    ),
    "americanas",
    *("enjoei", "elo7", "olist", "netshoes", "dafiti", "centauro", "carrefour", "madeira", "leroy", "merlin", "via"),
    *("mercari", "ebay", "etsy", "walmart", "temu", "wish", "poshmark", "depop", "vinted", "lazada", "tokopedia"),
    *("blibli", "noon", "flipkart", "meesho", "falabella", "linio", "allegro", "cdiscount", "kaufland", "zalando"),
    *("hepsiburada", "trendyol", "coupang", "rakuten", "ifood", "rappi", "shopify", "nuvemshop", "lcy", "aliexpress"),
)
#: The same for names of amounts and of codes, where these words are what they are.
NEUTRAL_OF_AMOUNTS: Final = (
    "valor", "total", "final", "bruto", "gross", "unitario", "amount", "value", "mes", "price", "preco", "quantidade",
    "quantity", "sku", "lc",
)  # fmt: skip
NEUTRAL_OF_CODES: Final = (
    *("numero", "id", "codigo", "code", "nome", "name", "data", "date", "key", "fk", "pk"),
    *("millis", "ms", "epoch", "unix", "utc"),
)

"""What else stands in tables of shops: known, so that it is taken for nothing else, and never read as a sale.

`_person` and `_place` tell of buyers: such a column is neither read nor shown.
"""

from __future__ import annotations

from typing import Final

#: concept -> its names; each begins with `_`, as none is a field
OTHERS: Final[dict[str, str]] = {
    "_person": """
        cliente, nome do cliente, nome, comprador, nome do comprador, destinatario, nome do destinatario,
        consumidor, usuario, nome de usuario, contato, responsavel, recebedor, titular, cpf, cnpj, cpf cnpj, cpf do
        cliente, rg, documento do cliente, documento, email, e mail, telefone, celular, whatsapp, fone, data de
        nascimento, sexo, genero, idade, razao social, inscricao estadual, vendedor, nome do vendedor, atendente, id
        do cliente, codigo do cliente, observacao, observacao do comprador, nota, comentario, customer, customer
        name, buyer, buyer name, client, client name, name, first name, last name, full name, recipient, receiver,
        receiver name, username, user, user id, customer id, phone, phone number, birth date, gender, age,
        salesperson, seller name, email address, billing name, shipping name, note, remark, customer email, client
        document, cliente nombre, nombre, correo, telefono, nguoi mua, nguoi nhan, so dien thoai, nama penerima,
        username pembeli, no telepon""",
    "_place": """
        endereco, endereco de entrega, rua, logradouro, bairro, cep, complemento, cidade, municipio, uf, estado,
        pais, regiao, provincia, address, street, zip, zip code, postal code, city, state, country, region, county,
        province, district, ship city, ship state, ship country, ciudad, direccion, codigo postal, dia chi, alamat,
        kota, provinsi""",
    "_cost": """
        custo, custo unitario, custo do produto, preco de custo, custo total, valor de custo, custo medio, cmv,
        cogs, custo da mercadoria, cost, unit cost, cost price, total cost, purchase price, product cost, costo,
        landed cost""",
    "_tax": """
        imposto, impostos, icms, ipi, pis, cofins, iss, tax, taxes, vat, gst, tax amount, item tax, impuesto, iva,
        aliquota""",
    "_margin": """
        margem, lucro, lucro bruto, lucro liquido, margem de lucro, profit, margin, gross profit, markup, ganancia,
        roi""",
    "_stock": """
        estoque, saldo, saldo em estoque, estoque atual, estoque disponivel, quantidade em estoque, estoque minimo,
        estoque maximo, disponivel, deposito, saldo atual, stock, stock quantity, in stock, inventory, on hand,
        quantity on hand, available, available stock, warehouse, reserved, reservado, stok, ton kho, existencias""",
    "_list_price": """
        preco de tabela, preco sugerido, preco promocional, preco de lista, preco cheio, mrp, tp, msrp, compare at
        price, rrp, mrp old, final mrp old, amazon mrp, amazon fba mrp, flipkart mrp, myntra mrp, paytm mrp,
        snapdeal mrp, limeroad mrp, ajio mrp, preco minimo, preco maximo, preco atacado, preco varejo, wholesale
        price, retail price""",
    "_ads": """
        impressoes, impressao, cliques, clique, ctr, cpc, cpm, acos, roas, investimento, gasto, campanha, nome da
        campanha, grupo de anuncios, palavra chave, custo por clique, taxa de cliques, valor gasto, impressions,
        clicks, spend, campaign, campaign name, ad group, ad spend, keyword, amount spent, cost per click, clics,
        impresiones, alcance, reach""",
    "_visits": """
        visitas, visitantes, visualizacoes, page views, sessions, sessoes, conversao, taxa de conversao, views,
        visits, unique visitors""",
    "_category": """
        categoria, subcategoria, departamento, marca, colecao, grupo, familia, linha, cor, tamanho, variacao,
        segmento, category, product line, linha de produto, product category, product type, sub category,
        subcategory, brand, department, size, color, colour, collection, variation, variant, group, tipo, type,
        fabric, fornecedor, supplier, ncm, unidade de medida, kategori, nama variasi, peso, weight, b2b""",
    "_delivery": """
        data de entrega, data prevista de entrega, previsao de entrega, data entrega, prazo, prazo de entrega,
        entregue em, data limite de envio, data estimada, delivery date, estimated delivery, delivered at, deadline,
        promised date, data de vencimento, vencimento, due date, data de cancelamento, cancelado em, data de
        cadastro, updated at, atualizado em, data de atualizacao, last change date, data de pagamento, paid at, data
        da devolucao, approved at, fulfilment, ship service level, shipping method, forma de envio, transportadora,
        rastreio, codigo de rastreio, tracking number, metodo de envio, courier, tracking""",
    "_payment": """
        forma de pagamento, meio de pagamento, pagamento, metodo de pagamento, bandeira, parcelas, condicao de
        pagamento, payment method, payment type, payment, installments, metodo de pago, phuong thuc thanh toan,
        metode pembayaran, status do pagamento, situacao do pagamento, payment status, numero de parcelas""",
    "_count": """
        numero de pedidos, quantidade de pedidos, total de pedidos, pedidos realizados, qtd vendas, quantidade de
        vendas, numero de vendas, number of orders, orders count, order count, total orders, orders quantity,
        transactions""",
    "_target": """
        meta, metas, objetivo, orcado, previsto, target, goal, budget, forecast, variacao percentual, crescimento,
        growth""",
    "_share": """
        percentual, percentual do total, participacao, representatividade, share, porcentagem, percentual desconto,
        percentual comissao, taxa percentual""",
    "_row": """
        linha, indice, index, row id, row, seq, sequencia, item numero, id linha, row number, serial number, sr no,
        unnamed""",
    "_shop": """
        filial, unidade de negocio, distribuidora, id loja, codigo da loja, nome da loja, loja fisica, branch, store
        id, store name, outlet, pdv""",
    "_reason": """
        motivo, motivo do cancelamento, motivo da devolucao, motivo do reembolso, reason, cancel reason, return
        reason, reason for return, causa""",
    "_returned_at": """
        data da devolucao, data de devolucao, devolvido em, return date, returned at, data do retorno, return id, id
        da devolucao, numero da devolucao""",
    "_budget": """
        despesa, despesas, fornecedor da despesa, centro de custo, conta contabil, categoria da despesa, conta a
        pagar, expense, expenses, cost center, historico, debito, credito, lancamento, saldo anterior""",
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
)
#: The same for names of amounts and of codes, where these words are what they are.
NEUTRAL_OF_AMOUNTS: Final = (
    "valor", "total", "final", "bruto", "gross", "unitario", "amount", "value", "mes", "price", "preco", "quantidade",
    "quantity",
)  # fmt: skip
NEUTRAL_OF_CODES: Final = ("numero", "id", "codigo", "code", "nome", "name", "data", "date", "key")

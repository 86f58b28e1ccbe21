"""What the reader remarks on the channels' own exports, as it writes it and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Exports of orders and of sales added up.
_ORDERS: Final[Mapping[str, str]] = {
    "{} linha(s) sem valor (Amount) não entraram na receita.": "{} row(s) without an Amount are not in the revenue.",
    "É um relatório de remessas: traz só o que a Amazon enviou. Pedidos cancelados, não pagos e devolvidos não "
    "aparecem nele, por isso as taxas de cancelamento e de devolução são desconhecidas.": (
        "It is a report of shipments: it has only what Amazon sent. Orders that were cancelled, unpaid or returned are "
        "not in it, so the rates of cancellations and returns are unknown."
    ),
    "{} linha(s) estão pendentes (Pending): a Amazon ainda não autorizou o pagamento, e elas não contam como venda "
    "(valor: {:amount}).": (
        "{} row(s) are pending (Pending): Amazon has not authorised the payment yet, and they do not count as sales "
        "(amount: {})."
    ),
    "{} pedido(s) de fora da Amazon não foram contados.": "{} order(s) from outside Amazon were not counted.",
    "É o relatório de negócios da Amazon: são os pedidos feitos, com os que foram cancelados ou devolvidos depois. "
    "Tarifas, reembolsos e número de pedidos não estão nele.": (
        "It is Amazon's business report: it has the orders that were placed, with those that were cancelled or "
        "returned later. Fees, refunds and the number of orders are not in it."
    ),
    "A receita é o valor dos itens de cada pedido, menos o desconto da loja: o frete e os impostos pagos pelo "
    "comprador não estão nela. O relatório só traz as tarifas do cartão; as de venda e o que o frete custou a você não "
    "estão nele: tarifas e o que sobra são desconhecidos.": (
        "The revenue is the price of the items of each order, less the shop's discount: the shipping and the taxes "
        "that the buyer paid are not in it. The report has only the fees of the card; those of the sale, and what the "
        "shipping cost you, are not in it: fees and what is left are unknown."
    ),
    "A receita é o preço dos itens: o frete e os impostos pagos pelo comprador não estão nela. O que o frete custou a "
    "você e as tarifas do canal não estão no relatório.": (
        "The revenue is the price of the items: the shipping and the taxes that the buyer paid are not in it. What the "
        "shipping cost you, and the channel's fees, are not in the report."
    ),
    "O arquivo não diz quanto do frete a Shopee pagou: o custo de envio do vendedor é desconhecido e não foi "
    "descontado.{:coupons}": (
        "The file does not say how much of the shipping Shopee paid: the seller's cost of shipping is unknown and was "
        "not taken off.{}"
    ),
    "Em {} linha(s) o comprador e a Shopee pagaram mais do que o frete estimado: a estimativa não é o que o frete "
    "custou, e o resto dela não mostra o que você pagou. O custo de envio é desconhecido; o relatório de renda da "
    "Shopee o traz.": (
        "In {} row(s) the buyer and Shopee paid more than the estimated shipping: the estimate is not what the "
        "shipping cost, and what is left of it does not show what you paid. The cost of shipping is unknown; "
        "Shopee's report of income has it."
    ),
    "Nenhuma coluna diz o total liberado: ele é a soma das {} colunas abaixo de “{}”, e as tarifas são o que falta até "
    "ele, com os impostos retidos.": (
        "No column tells the total that was released: it is the sum of the {} columns below “{}”, and the fees are "
        "what is missing from it, with the taxes that were kept back."
    ),
    "Nenhuma coluna diz o total liberado, e nenhum título acima do cabeçalho diz de que colunas ele é feito: o que "
    "sobra e as tarifas não são conhecidos. Diga em “Ver as colunas” o que é cada coluna.": (
        "No column tells the total that was released, and no title above the header tells of which columns it is made: "
        "what is left and the fees are not known. Say in “Look at the columns” what each column is."
    ),
    "É o resumo de vendas da Shopee por dia: a receita é a dos pedidos pagos ({} ao todo), com os que foram cancelados "
    "ou devolvidos depois. Tarifas, reembolsos e os pedidos, um a um, não estão nele.": (
        "It is Shopee's summary of sales by day: the revenue is that of paid orders ({} in all), with those that were "
        "cancelled or returned later. Fees, refunds and the single orders are not in it."
    ),
    "É o desempenho por produto da Shopee: a receita é a dos pedidos pagos. As linhas de variações são partes dos "
    "produtos e não foram somadas outra vez.": (
        "It is Shopee's performance by product: the revenue is that of paid orders. The rows of variations are parts "
        "of the products and were not added again."
    ),
    "A receita é o preço do produto; descontos da loja, de {:sum} nas vendas, não foram tirados (sem eles, sobrariam "
    "{:sum}). O que sobra, segundo a SHEIN, já os desconta.": (
        "The revenue is the price of the product; discounts of the shop, {} on sales, were not taken off (without "
        "them, {} would be left). What is left, by SHEIN's account, is without them already."
    ),
    "A receita é o total pago pelo comprador, com o frete que ele pagou.": (
        "The revenue is the total that the buyer paid, with the shipping that they paid."
    ),
    "É um relatório de vendas somadas: a receita é o total pago pelos compradores (“{}”), sem as devoluções ({:sum}), "
    "que são contadas à parte. O frete que ele traz é o que os compradores pagaram; o custo do frete é desconhecido.": (
        "It is a report of sales added up: the revenue is the total that buyers paid (“{}”), without the returns ({}), "
        "which are counted apart. The shipping in it is what buyers paid; what shipping cost is unknown."
    ),
    "As unidades são as vendidas menos as devolvidas: quantas voltaram é desconhecido.": (
        "The units are those sold less those returned: how many came back is unknown."
    ),
    "O relatório do WooCommerce Analytics deixa de fora os pedidos cancelados e não pagos: a taxa de cancelamento é "
    "desconhecida. A receita é a líquida: sem frete, impostos e cupons.": (
        "The report of WooCommerce Analytics leaves out orders that were cancelled or not paid: the rate of "
        "cancellations is unknown. The revenue is net: without shipping, taxes and coupons."
    ),
    "{} linha(s) com valor negativo são reembolsos: não contam como venda.": (
        "{} row(s) with a negative amount are refunds: they do not count as sales."
    ),
    "As somas por produto do WooCommerce Analytics já são sem os reembolsos, o frete, os impostos e os cupons: quanto "
    "voltou é desconhecido.": (
        "The sums by product of WooCommerce Analytics are without refunds, shipping, taxes and coupons already: how "
        "much came back is unknown."
    ),
    "São somas por categoria, e um produto conta em cada uma das suas: somadas, dariam mais do que foi vendido. Nenhum "
    "número foi calculado delas; envie o relatório de pedidos ou o de produtos.": (
        "They are sums by category, and a product counts in each of its own: added up, they would be more than was "
        "sold. No figure was computed from them; upload the report of orders or that of products."
    ),
    "São os descontos de cada cupom, sem as vendas: nenhum número de vendas foi calculado deles.": (
        "They are the discounts of each coupon, without the sales: no figure of sales was computed from them."
    ),
}
#: Reports of what channels paid out.
_PAYOUTS: Final[Mapping[str, str]] = {
    "Todos os pedidos estão por enviar: é a lista do que falta enviar, e os cancelados, enviados e devolvidos não "
    "estão nela. Quantos foram cancelados ou devolvidos é desconhecido.": (
        "All orders wait to be sent: it is the list of what is still to be sent, and those that were cancelled, sent "
        "or returned are not in it. How many were cancelled or returned is unknown."
    ),
    "É a fatura do Mercado Livre, com uma linha por tarifa. O total de cada venda está em cada tarifa dela e foi "
    "contado uma vez; vendas cuja tarifa de venda está em outra fatura não estão aqui.": (
        "It is Mercado Livre's bill, with a row for each charge. Each of a sale's charges has the sale's total, which "
        "was counted once; sales whose charge is on another bill are not here."
    ),
    "{} venda(s) tiveram a tarifa de venda estornada: foram canceladas ou devolvidas, a fatura não diz qual das duas, "
    "e não contam na receita ({:sum}).": (
        "{} sale(s) had their charge given back: they were cancelled or returned, the bill does not say which, and do "
        "not count in the revenue ({})."
    ),
    "É um relatório de repasses: traz só o que foi pago ou lançado no período, com a data de {:dates}. Pedidos "
    "cancelados e não pagos não aparecem nele, por isso a taxa de cancelamento é desconhecida.": (
        "It is a report of payouts: it has only what was paid or entered in the period, with the date of {}. Orders "
        "that were cancelled or not paid are not in it, so the rate of cancellations is unknown."
    ),
    "São pedidos que o TikTok Shop ainda não liquidou: as tarifas e o que é recebido são a estimativa dele, com a data "
    "de {:dates}. Pedidos cancelados e não pagos não aparecem, por isso a taxa de cancelamento é desconhecida.": (
        "They are orders that TikTok Shop has not settled yet: the fees and what is received are its estimate, with "
        "the date of {}. Orders that were cancelled or not paid are not in it, so the rate of cancellations is unknown."
    ),
    "O total da Amazon contém {:sum} de impostos que os compradores pagaram e que ela não reteve: não são receita, e "
    "foram tirados do que foi recebido.": (
        "Amazon's total contains {} of taxes that buyers paid and that it did not keep back: they are no revenue, and "
        "were taken off what was received."
    ),
    "A receita é o que o comprador pagou ao vendedor, com o frete e sem o imposto que a Etsy recolhe. As tarifas e os "
    "anúncios que dizem o número do pedido foram descontados dele; o resto do extrato ficou de fora.": (
        "The revenue is what the buyer paid the seller, with the shipping and without the tax that Etsy collects. Fees "
        "and advertising that tell the order's number were taken off it; the rest of the statement was left out."
    ),
    "A receita é “Item Cost” vezes as unidades, o que o comprador paga pelo produto; o frete e os impostos dele não "
    "estão nela. As tarifas do canal não estão no relatório.": (
        "The revenue is “Item Cost” times the units, which the buyer pays for the product; his shipping and taxes are "
        "not in it. The channel's fees are not in the report."
    ),
    "“{}” tem o preço de uma unidade: vezes a quantidade dá o total dos itens do pedido.": (
        "“{}” has the price of one unit: times the quantity it makes the total of the order's items."
    ),
    "{} linha(s) que não são de vendas nem de reembolsos ficaram de fora; somam {:sum} ({:sums}).": (
        "{} row(s) that are neither of sales nor of refunds were left out; they sum to {} ({})."
    ),
    "{} linha(s) são de pedidos pagos em outro período: o valor conta, e o pedido não é contado outra vez.": (
        "{} row(s) are of orders that were paid in another period: the amount counts, and the order is not counted "
        "again."
    ),
    "Em {} linha(s) o desconto promocional pode ser do frete, que o comprador também pagou: foi descontado do produto. "
    "Se for do frete, a receita é até {:sum} maior; o valor recebido é o mesmo.": (
        "In {} row(s) the promotional discount may be that of the shipping, which the buyer paid, too: it was taken "
        "off the product. If it is of the shipping, the revenue is more by up to {}; the amount received is the same."
    ),
    "As linhas somam {:sum}, e o repasse diz {:sum} (“total-amount”): o arquivo pode não estar inteiro.": (
        "The rows sum to {}, and the payout says {} (“total-amount”): the file may not be whole."
    ),
    "A receita é o que o comprador pagou ao vendedor, com o frete. Etiquetas e tarifas lançadas à parte foram "
    "descontadas do pedido que elas dizem; as dos pedidos de outro período ficaram de fora.": (
        "The revenue is what the buyer paid the seller, with the shipping. Labels and fees that were entered apart "
        "were taken off the order that they name; those of orders of another period were left out."
    ),
    "{} linha(s) foram pagas em outra moeda que a da venda: as tarifas, o frete e o que sobra delas são "
    "desconhecidos.": (
        "{} row(s) were paid in another currency than that of the sale: their fees, their shipping and what is left of "
        "them are unknown."
    ),
    "A receita é o preço pago pelo comprador: cupons do canal, que ele devolve a você, podem já ter sido tirados "
    "dele.": (
        "The revenue is the price that the buyer paid: coupons of the channel, which it pays back to you, may have "
        "been taken off it already."
    ),
    "As tarifas são o que falta entre a venda e “Final Settlement Amount”, sem o frete e as devoluções: comissão, "
    "serviços, impostos retidos (TCS, TDS) e compensações.": (
        "The fees are what is missing between the sale and “Final Settlement Amount”, without shipping and returns: "
        "commission, services, taxes withheld (TCS, TDS) and compensations."
    ),
    "As tarifas estão em várias colunas, e com elas as linhas não chegam ao total do próprio canal: falta uma coluna "
    "de custo que não conhecemos, e as tarifas são desconhecidas.": (
        "The fees are in several columns, and with them the rows do not come to the channel's own total: a column of "
        "costs that we do not know is missing, and the fees are unknown."
    ),
    "O relatório não diz de onde vem cada pagamento: todos foram lidos como vendas do Mercado Livre. Se há pagamentos "
    "de uma loja própria, inclua a coluna SUB_UNIT no relatório.": (
        "The report does not say where each payment comes from: all were read as sales of Mercado Livre. If there are "
        "payments of a shop of your own, add the column SUB_UNIT to the report."
    ),
    "O relatório não traz produtos nem unidades: devoluções por produto e preços ficam desconhecidos.": (
        "The report has neither products nor units: returns by product and prices are unknown."
    ),
    "{} linha(s) repetem o pedido, inteiro ou por produto, e não foram contadas outra vez: as dos produtos contam onde "
    "somam o que o pedido diz.": (
        "{} row(s) repeat the order, whole or by product, and were not counted again: those of products count where "
        "they sum to what the order says."
    ),
    "“{}” é zero em {} pedido(s), e nada diz se eles não foram ajustados ou se tudo foi devolvido: os reembolsos são "
    "desconhecidos. Nos outros pedidos foram devolvidos {:sum}.": (
        "“{}” is zero in {} order(s), and nothing says whether they were not adjusted or all was paid back: the "
        "refunds are unknown. Of the other orders {} was paid back."
    ),
    "{} pedido(s) têm itens escritos de um modo que não é conhecido: as unidades e os produtos deles são "
    "desconhecidos, e o total deles foi contado.": (
        "{} order(s) have items that are written in a way that is not known: their units and products are unknown, and "
        "their total was counted."
    ),
    "{} venda(s) foram reembolsadas por inteiro. Supõe-se que as tarifas e comissões delas ({:sum} ao todo) também "
    "voltaram, como a {} divide cada pagamento: elas não foram contadas. Se a {} ficou com elas, sobra até isso a "
    "menos.": (
        "{} sale(s) were refunded whole. Their fees and commissions ({} in all) are assumed to have come back, too, as "
        "{} shares out each payment: they were not counted. If {} kept them, up to that much less is left."
    ),
    "“{}” é zero em {} venda(s) que foram reembolsadas por inteiro: as tarifas delas ({:sum} ao todo) também voltaram, "
    "e não foram contadas.": (
        "“{}” is zero in {} sale(s) that were refunded whole: their fees ({} in all) came back, too, and were not "
        "counted."
    ),
    "A recarga automática de anúncios ({:sum}) está descontada do valor recebido; não é uma taxa da venda.": (
        "The automatic top-up of advertising ({}) is taken off the amount received; it is no fee of the sale."
    ),
    "O frete está dentro das taxas (“{}”): o relatório não o separa por linha.": (
        "The shipping is within the fees (“{}”): the report does not tell it apart by row."
    ),
    "São ajustes feitos depois do repasse: somam {:sum} e não estão nas vendas, nem no que foi recebido delas.": (
        "They are adjustments made after the payout: they sum to {} and are neither in the sales nor in what was "
        "received for them."
    ),
    "São repasses somados por extrato, sem pedidos: nenhum número de vendas foi calculado deles.": (
        "They are payouts added up by statement, without orders: no figure of sales was computed from them."
    ),
    "São os detalhes das taxas de serviço, que as linhas de renda já têm: não foram somados outra vez.": (
        "They are the details of the service fees, which the rows of income have already: they were not added again."
    ),
    "São diferenças de frete, que as linhas de renda já têm: não foram somadas outra vez.": (
        "They are differences of shipping, which the rows of income have already: they were not added again."
    ),
}
CHANNELS: Final[Mapping[str, str]] = {**_ORDERS, **_PAYOUTS}

"""What an order's status says that was not paid, given up or lost in other words, and what it denies: folded texts."""

from __future__ import annotations

from typing import Final

_PAYING: Final = r"(pagamento|pedido|compra|transacao|boleto|pix|cobranca|payment|order|transaction|card)"
#: Short for `pagamento`, as stores write it in sheets of their own.
_SHORT: Final = r"(pgto|pagto|pgt|pagt|pag|pg)"
#: It was never paid, or nobody let it be.
NOT_PAID: Final = (
    rf"\b(aguard\w*|ag|pend\w*|sem|falta)[. ]+(o |de )?{_SHORT}\b|"
    rf"\b{_SHORT}[. ]+(pend\w*|em aberto|aguard\w*|nao \w+|negad|recusad|rejeitad)|\bag(uard)?[. ]+pagamento\b|"
    rf"\b{_PAYING}[ _-]nao (aprovad|autorizad|confirmad|identificad|recebid|realizad|efetuad|efetivad|pag)|"
    rf"\b{_PAYING}[ _-](negad|recusad|rejeitad|reprovad|declined|denied|refused|failed|not received|not approved)|"
    r"\bpayment[ _-]pending\b|"
    r"^nao (quitad|aprovad|autorizad|confirmad)|^(reprovad|inadimplent|impag[oa]s?$|denied$|unauthori[sz]ed$)|"
    r"\b(not|never) (yet )?(paid|approved|authori[sz]ed)\b|^insufficient funds$|"
    r"\b(sin|faltan?( de)?) (pago|pagar|abonar|cobrar)\b|^por cobrar$|\bpendiente de (cobro|pago)\b|"
    r"^((pago|pedido|compra|orden) )?no (abonad|aprobad|autorizad|cobrad|confirmad)[oa]s?$|"
    r"\bpago (rechazad|denegad|fallid|vencid|expirad|no (recibid|aprobad|realizad|confirmad))|"
    r"\b(esperando|en espera de)( el)? pago\b|"
    r"\bchua (tra|nhan) tien|\bthanh toan that bai|\bcho xac nhan thanh toan|"
    r"\bbelum lunas|\bgagal bayar|\b(pembayaran gagal|menunggu (pelunasan|transfer|(di)?bayar))\b|"
    r"\bblm (di)?(bayar|lunas|transfer)|\bbelum transfer|\b(chua|cho) (tt|ck|chuyen khoan)\b|"
    r"\ba la espera del? pago\b|\bpayment (is )?(due|overdue|outstanding)\b"
)
#: In a column of payments nothing but the payment can be meant.
NOT_RECEIVED: Final = rf"{NOT_PAID}|^(nao recebid|no recibid|not received)"
#: Somebody gave it up.
GIVEN_UP: Final = (
    r"^(o )?(cliente |comprador )?desist(iu|encia)\b|^dado de baja$|^(excluid|deletad)[oa]$|^(deleted|aborted)$|"
    r"^(estorno|extornad[oa]|baja)$|^canc\b|^(giao dich )?khong thanh cong$|^that bai$|^(tidak jadi|ditolak|gagal)$"
)
#: It came back, or was lost or broken on its way.
CAME_BACK: Final = (
    r"^(retornad[oa]|retornou|voltou|extraviad[oa]|avariad[oa]|sent back|came back|rehusad[oa]|tra lai|"
    r"((pacote|objeto|envio) )?perdid[oa]( n[oa] \w+)?|"
    r"khong nhan hang|bom hang|(da |hang )?hoan ve|cambio( (realizado|hecho))?)$|^rma\b"
)
#: It denies a word of an order that was done, or says that something failed: nobody knows whether the sale stands.
DENIES: Final = (
    r"(^|[ _-])(nao|not|never|khong|chua|belum|tidak)[ _-](\w+[ _-])?"
    r"(conclu|complet|atendid|finaliz|aprovad|autoriz|approved|authori|quitad|confirm|recebid|received|efetiv|realiz|"
    r"paid|thanh cong|selesai|berhasil)|"
    r"^(\w+ )?no (conclu|complet|finaliz|aprobad|autoriz|recibid|confirm)|"
    r"^un(authori[sz]ed|approved|confirmed)|(\b|_)(failed|failure|falhou|fallid[oa]|fallo)(\b|_)"
)

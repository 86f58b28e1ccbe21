"""What an order's status says in languages beside Portuguese, Spanish and English: patterns for folded texts.

Dutch, German, Polish, Romanian, Turkish, Indonesian, Vietnamese, Thai, Russian, Chinese, Japanese and Korean. A folded
text has lost its accents, also those of Thai and of Japanese, and its Korean syllables are taken apart. The barred l of
Polish and the dotless i of Turkish have none.
"""

from __future__ import annotations

from typing import Final

from gateway.intake.words import fold

_RETURN: Final = (
    r"zwrot\w*|iade|retour\w*|retur|pengembalian|tra hang|возврат\w*|退款|退货|退貨|返品|"
    r"คนเงน|คนสนคา"
)
_REFUSED: Final = (
    r"anulowan\w*|odrzucon\w*|iptal|reddedildi|dibatalkan|ditolak|tu choi|da huy|отмен\w*|отклон\w*|取消|拒绝|却下|"
    r"(ปฏเสธ|ยกเลก)(แลว)?"
)
_CANCELLING: Final = r"pembatalan|anulowani[ea]|annulering|iptal talebi|отмен\w*"
#: The return, or the cancelling, did not happen: the sale stands.
STANDS_ABROAD: Final = (
    rf"({_RETURN}).{{0,20}}({_REFUSED})$|({_CANCELLING}).{{0,20}}(ditolak|odrzucon\w*|geweigerd|reddedildi|отклон\w*)$"
)
CANCELLED_ABROAD: Final = (
    r"\banulat|geannuleerd|anulowan|anulacj|\biptal|\b(di)?batal(kan)?\b|pembatalan|^(pesanan|order) ditolak|"
    r"\b(da|bi|don|mua|ban|khach|hang|shop|thong) huy\b|^huy\b|"
    r"ยกเล|отмен|аннулир|"
    rf"取消|交易关闭|交易關閉|不成立|キャンセル|^{fold('취소')}|{fold('취소완료')}|{fold('주문취소')}"
)
#: Not paid.
UNPAID_ABROAD: Final = (
    r"\bniet betaald\b|\bonbetaald\b|wacht\w* op betaling|nie(op|zap)[lł]acon|(oczekuj|czeka)\w* na (wp|p)[lł]at|"
    r"\bodenmedi|\bodeme (bek|al[i\u0131]nmad)|\bbelum (di)?bayar|\bk[ae]dalu(w)?arsa|"
    r"\bmenunggu pembayaran|\b(chua|cho|doi) thanh toan|"
    rf"не ?оплач|ожида\w+ оплат|[待未]付款|[待未]支付|未入金|入金待|未払|"
    rf"{fold('결제대기')}|{fold('입금대기')}|{fold('미입금')}|"
    r"ยงไม(ได)?(ชาระ|จาย)|รอ(การ)?ชาระ|ทตองชาระ|คางชาระ"
)
RETURNED_ABROAD: Final = (
    r"\bretourn|\bruckgabe|\brucksend|\bzuruckge(sendet|sandt|schickt|geben)|terugbetaald|teruggest|\bzwrot|\bzwroc|"
    r"\b(stornat|returnat|rambursat)|"
    r"\biade\b|dikembalikan|pengembalian|\bretur\b|\btra hang|\bhoan (tien|tra|hang)|возвра|退款|退货|退貨|返品|返金|"
    rf"^{fold('반품')}|{fold('반품완료')}|{fold('환불')}|คนเงน|คนสนคา|ตกลบ"
)
#: It was sent, paid or done: such a column tells of orders.
OF_ORDERS_ABROAD: Final = (
    r"verzonden|geleverd|betaald|afgerond|wys[lł]an|dostarcz|zrealizowan|op[lł]acon|odebran|gonderildi|teslim|kargo|"
    r"finalizat|livrat|expediat|terkirim|\blunas\b|thanh cong|hoan tat|da thanh toan|"
    r"tamamland|onayland|hazirlan|diproses|dibayar|diterima|sampai|dang giao|cho lay|da nhan|สำเรจ|จดสง|достав|отправ|"
    r"выполн|оплач|заверш|собран|发货|出貨|完成|交易成功|签收|送达|發送|発送|入金|配送|処理|運送|"
    rf"{fold('구매확정')}|{fold('배송')}|{fold('결제완료')}|{fold('발송')}|{fold('취소')}|{fold('반품')}|{fold('교환')}"
)

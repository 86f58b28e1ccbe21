"""Events, rules and layouts in words."""

from __future__ import annotations

from typing import Any, Final

from gateway.ui.i18n import gettext as _
from gateway.ui.i18n import mark
from gateway.ui.words.lifecycle_words import EVENTS
from gateway.ui.words.system_words import ROLES
from schemas.phase1 import SET_BY

#: Parts of the system that act by themselves: a process, or a step that a worker takes.
PARTS: Final[dict[str, str]] = {**ROLES, "analysis": mark("Analysis"), "phase1": mark("Phase 1")}
RULES: Final[dict[str, str]] = {
    "phase-number-1": mark("The plan has a phase with number 1: its tasks were taken as they are."),
    "high-priority-opportunities": mark(
        "No phase has the number 1, so Phase 1 was made from the opportunities: high priority first, at most five."
    ),
    "normal-priority-opportunities": mark(
        "No phase has the number 1 and no opportunity has high priority, "
        "so those of normal priority serve, at most five."
    ),
    "low-priority-opportunities": mark(
        "No phase has the number 1 and all opportunities have low priority, so these serve, at most five."
    ),
    "review-per-channel": mark("There is neither a phase 1 nor an opportunity, so each channel gets one review task."),
}
#: The same before the approval.
RULES_AHEAD: Final[dict[str, str]] = {
    "phase-number-1": mark("The plan has a phase with number 1: an approval takes its tasks as they are."),
    "high-priority-opportunities": mark(
        "No phase has the number 1, so an approval makes Phase 1 from the opportunities: "
        "high priority first, at most five."
    ),
    "normal-priority-opportunities": mark(
        "No phase has the number 1 and no opportunity has high priority, "
        "so an approval takes those of normal priority, at most five."
    ),
    "low-priority-opportunities": mark(
        "No phase has the number 1 and all opportunities have low priority, so an approval takes these, at most five."
    ),
    "review-per-channel": mark(
        "There is neither a phase 1 nor an opportunity, so an approval makes one review task for each channel."
    ),
}

LAYOUTS: Final[dict[str, str]] = {
    "mercado_livre.vendas": mark("Mercado Livre: sales report"),
    "shopee.order_all": mark("Shopee: orders"),
    "shopee.product_performance": mark("Shopee: product performance"),
    "shopee.product_overview": mark("Shopee: sales by product"),
    "shopee.sales_overview": mark("Shopee: sales by day"),
    "etsy.orders": mark("Etsy: orders"),
    "etsy.items": mark("Etsy: items that were sold"),
    "ebay.transactions": mark("eBay: transactions"),
    "meesho.payments": mark("Meesho: payments of orders"),
    "amazon.orders": mark("Amazon: orders"),
    "amazon.sales": mark("Amazon: sales report"),
    "tiktok.orders": mark("TikTok Shop: orders"),
    "shein.orders": mark("SHEIN: orders"),
    "shopify.orders": mark("Shopify: orders"),
    "squarespace.orders": mark("Squarespace: orders"),
    "wix.orders": mark("Wix: orders"),
    "vtex.orders": mark("VTEX: orders"),
    "nuvemshop.orders": mark("Nuvemshop: sales"),
    "woocommerce.orders": mark("WooCommerce: orders"),
    "amazon.transactions": mark("Amazon: transactions by date"),
    "amazon.settlement": mark("Amazon: settlement"),
    "amazon.business_products": mark("Amazon: business report by product"),
    "amazon.business_days": mark("Amazon: business report by day"),
    "mercado_livre.charges": mark("Mercado Livre: bill of charges"),
    "mercado_pago.releases": mark("Mercado Pago: released money"),
    "mercado_pago.settlements": mark("Mercado Pago: all transactions"),
    "shopee.income": mark("Shopee: income of paid orders"),
    "tiktok.income": mark("TikTok Shop: income of settled orders"),
    "shopify.payouts": mark("Shopify: transactions of payouts"),
    "paypal.activity": mark("PayPal: activity"),
    "wildberries.report": mark("Wildberries: detailed report"),
    "store.sales_report": mark("Report of sales by product or day"),
    "magalu.orders": mark("Magalu: orders"),
    "americanas.orders": mark("Americanas: orders"),
    "olist_tiny.orders": mark("Olist Tiny: orders"),
    "bling.orders": mark("Bling: orders"),
    "tray.orders": mark("Tray: orders"),
    "hotmart.sales": mark("Hotmart: sales"),
    "kiwify.sales": mark("Kiwify: sales"),
    "eduzz.sales": mark("Eduzz: sales"),
    "amazon.shipments": mark("Amazon: shipments"),
    "ebay.orders": mark("eBay: orders"),
    "etsy.statement": mark("Etsy: statement of the shop's account"),
    "lazada.orders": mark("Lazada: orders"),
    "seller_center.orders": mark("Seller Center (Dafiti, Zalora, Jumia): orders"),
    "lazada.statement": mark("Lazada: statement of settled orders"),
    "magalu.sales": mark("Magalu: report of sales"),
    "stripe.payments": mark("Stripe: payments"),
    "stripe.balance": mark("Stripe: changes of the balance"),
    "walmart.orders": mark("Walmart: orders"),
    "walmart.payments": mark("Walmart: payments of orders"),
    "woocommerce.order_items": mark("WooCommerce: orders with their items in a cell"),
    "woocommerce.analytics_orders": mark("WooCommerce: orders by its reports"),
    "woocommerce.analytics_products": mark("WooCommerce: products by its reports"),
    "plain": mark("Table of sales in plain columns"),
    "goods": mark("Costs or stock by SKU"),
    "unknown": mark("Columns that were not recognised"),
}


def rule(name: str) -> str:
    """Say in words which rule made Phase 1; a rule of a later version keeps its name."""
    if name.startswith(SET_BY):
        who = name.removeprefix(SET_BY)
        return _("%(who)s gave these tasks with the approval, in place of those that the plan would have had.", who=who)
    text = RULES.get(name)
    return _(text) if text else _("Made by the rule “%(rule)s”.", rule=name)


def rule_ahead(name: str) -> str:
    """Say in words by which rule an approval would make Phase 1."""
    return _(RULES_AHEAD[name])


def layout(name: str) -> str:
    """Say in words whose export a table is; a layout of a later version keeps its name."""
    text = LAYOUTS.get(name)
    return _(text) if text else name


def event(type_: str, data: dict[str, Any]) -> tuple[str, str, str]:
    """Return icon, tone and sentence of an event; a type of a later version keeps its name."""
    known = EVENTS.get(type_)
    if known is None:
        return "info", "off", type_
    icon, tone, sentence = known
    return icon, tone, sentence(data)


def actor(name: str) -> str:
    """Say who: a person's or key's name, or which part of the system."""
    if not name.startswith("system:"):
        return name
    part = name.removeprefix("system:")
    return _("system: %(part)s", part=_(PARTS[part]) if part in PARTS else part)

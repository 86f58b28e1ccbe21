"""Recognise known exports by their columns: required ones and typical ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from gateway.intake.layouts import (
    abroad,
    amazon,
    amazon_business,
    amazon_payouts,
    ebay_payouts,
    etsy_statement,
    lazada,
    magalu,
    meesho_payments,
    mercado_livre,
    mercado_livre_charges,
    mercado_pago,
    nuvemshop,
    paypal,
    sales_report,
    shein,
    shopee,
    shopee_income,
    shopee_insights,
    shopify,
    shopify_payouts,
    stripe,
    tiktok,
    tiktok_income,
    vtex,
    walmart,
    website_builders,
    wildberries,
    woocommerce,
    woocommerce_analytics,
    woocommerce_items,
)
from gateway.intake.layouts.columns import Columns


@dataclass(frozen=True, slots=True)
class Layout:
    """One export of one marketplace. A required column may have several names, with ` | ` between them."""

    name: str
    required: tuple[str, ...]
    typical: tuple[str, ...]
    read: Callable[[Columns], pl.DataFrame]
    is_exposure: bool = False
    fields: dict[str, str] = field(default_factory=dict)  # column -> field, where its name alone would mislead
    has_notes: bool = True  # a row without half of the required columns is a note; else it may tell of all rows
    beside: tuple[str, ...] = ()  # further columns that tell a row from a note, as the required ones do
    is_documented: bool = False  # known from descriptions or programs, not from a file


LAYOUTS: Final = (
    Layout(
        mercado_livre.NAME,
        mercado_livre.REQUIRED,
        mercado_livre.TYPICAL,
        mercado_livre.read,
        fields=mercado_livre.FIELDS,
        beside=mercado_livre.BESIDE,
    ),
    Layout(
        mercado_livre_charges.NAME,
        mercado_livre_charges.REQUIRED,
        mercado_livre_charges.TYPICAL,
        mercado_livre_charges.read,
        has_notes=False,
    ),
    Layout(shopee.ORDERS, shopee.ORDERS_REQUIRED, shopee.ORDERS_TYPICAL, shopee.read_orders, fields=shopee.FIELDS),
    Layout(
        shopee.PERFORMANCE,
        shopee.PERFORMANCE_REQUIRED,
        shopee.PERFORMANCE_TYPICAL,
        shopee.read_performance,
        is_exposure=True,
    ),
    Layout(
        shopee_insights.PRODUCTS,
        shopee_insights.PRODUCTS_REQUIRED,
        shopee_insights.PRODUCTS_TYPICAL,
        shopee_insights.read_products,
        is_exposure=True,
    ),
    Layout(
        shopee_insights.DAYS,
        shopee_insights.DAYS_REQUIRED,
        shopee_insights.DAYS_TYPICAL,
        shopee_insights.read_days,
        has_notes=False,
    ),
    Layout(amazon.ORDERS, amazon.ORDERS_REQUIRED, amazon.ORDERS_TYPICAL, amazon.read_orders),
    Layout(
        amazon.SHIPMENTS,
        amazon.SHIPMENTS_REQUIRED,
        amazon.SHIPMENTS_TYPICAL,
        amazon.read_shipments,
        is_documented=True,
    ),
    Layout(amazon.SALES, amazon.SALES_REQUIRED, amazon.SALES_TYPICAL, amazon.read_sales),
    Layout(tiktok.NAME, tiktok.REQUIRED, tiktok.TYPICAL, tiktok.read),
    Layout(shein.NAME, shein.REQUIRED, shein.TYPICAL, shein.read, fields=shein.FIELDS),
    Layout(shopify.NAME, shopify.REQUIRED, shopify.TYPICAL, shopify.read, fields=shopify.FIELDS),
    Layout(
        website_builders.SQUARESPACE,
        website_builders.SQUARESPACE_REQUIRED,
        website_builders.SQUARESPACE_TYPICAL,
        shopify.read,
        fields=website_builders.SQUARESPACE_FIELDS,
        is_documented=True,
    ),
    Layout(
        website_builders.WIX,
        website_builders.WIX_REQUIRED,
        website_builders.WIX_TYPICAL,
        website_builders.read_wix,
        fields=website_builders.WIX_FIELDS,
        is_documented=True,
    ),
    Layout(vtex.NAME, vtex.REQUIRED, vtex.TYPICAL, vtex.read, fields=vtex.FIELDS),
    Layout(
        nuvemshop.NAME,
        nuvemshop.REQUIRED,
        nuvemshop.TYPICAL,
        nuvemshop.read,
        fields=nuvemshop.FIELDS,
        is_documented=True,
    ),
    Layout(
        woocommerce.NAME,
        woocommerce.REQUIRED,
        woocommerce.TYPICAL,
        woocommerce.read,
        fields=woocommerce.FIELDS,
        is_documented=True,
    ),
    Layout(
        woocommerce_items.NAME,
        woocommerce_items.REQUIRED,
        woocommerce_items.TYPICAL,
        woocommerce_items.read,
        fields=woocommerce_items.FIELDS,
        is_documented=True,
    ),
    Layout(
        woocommerce_analytics.ORDERS,
        woocommerce_analytics.ORDERS_REQUIRED,
        woocommerce_analytics.ORDERS_TYPICAL,
        woocommerce_analytics.read_orders,
        is_documented=True,
    ),
    Layout(
        woocommerce_analytics.PRODUCTS,
        woocommerce_analytics.PRODUCTS_REQUIRED,
        woocommerce_analytics.PRODUCTS_TYPICAL,
        woocommerce_analytics.read_products,
        fields=woocommerce_analytics.PRODUCTS_FIELDS,
        is_documented=True,
    ),
    Layout(
        amazon_payouts.TRANSACTIONS,
        amazon_payouts.TRANSACTIONS_REQUIRED,
        amazon_payouts.TRANSACTIONS_TYPICAL,
        amazon_payouts.read_transactions,
        is_documented=True,
    ),
    Layout(
        amazon_payouts.SETTLEMENT,
        amazon_payouts.SETTLEMENT_REQUIRED,
        amazon_payouts.SETTLEMENT_TYPICAL,
        amazon_payouts.read_settlement,
        has_notes=False,
        is_documented=True,
    ),
    Layout(
        amazon_business.PRODUCTS,
        amazon_business.PRODUCTS_REQUIRED,
        amazon_business.PRODUCTS_TYPICAL,
        amazon_business.read_products,
        is_exposure=True,
        is_documented=True,
    ),
    Layout(
        amazon_business.DAYS,
        amazon_business.DAYS_REQUIRED,
        amazon_business.DAYS_TYPICAL,
        amazon_business.read_days,
        is_documented=True,
    ),
    Layout(sales_report.NAME, sales_report.REQUIRED, sales_report.TYPICAL, sales_report.read, is_documented=True),
    Layout(wildberries.NAME, wildberries.REQUIRED, wildberries.TYPICAL, wildberries.read, is_documented=True),
    Layout(paypal.NAME, paypal.REQUIRED, paypal.TYPICAL, paypal.read, is_documented=True),
    Layout(
        mercado_pago.RELEASES,
        mercado_pago.RELEASES_REQUIRED,
        mercado_pago.RELEASES_TYPICAL,
        mercado_pago.read_releases,
        is_documented=True,
    ),
    Layout(
        mercado_pago.SETTLEMENTS,
        mercado_pago.SETTLEMENTS_REQUIRED,
        mercado_pago.SETTLEMENTS_TYPICAL,
        mercado_pago.read_settlements,
        is_documented=True,
    ),
    Layout(abroad.EBAY, abroad.EBAY_REQUIRED, abroad.EBAY_TYPICAL, abroad.read_ebay, is_documented=True),
    Layout(ebay_payouts.NAME, ebay_payouts.REQUIRED, ebay_payouts.TYPICAL, ebay_payouts.read),
    Layout(
        etsy_statement.NAME,
        etsy_statement.REQUIRED,
        etsy_statement.TYPICAL,
        etsy_statement.read,
        has_notes=False,
        is_documented=True,
    ),
    Layout(abroad.ETSY, abroad.ETSY_REQUIRED, abroad.ETSY_TYPICAL, abroad.read_etsy),
    Layout(
        abroad.ETSY_ORDERS,
        abroad.ETSY_ORDERS_REQUIRED,
        abroad.ETSY_ORDERS_TYPICAL,
        abroad.read_etsy_orders,
        fields=abroad.ETSY_ORDERS_FIELDS,
    ),
    Layout(lazada.ORDERS, lazada.ORDERS_REQUIRED, lazada.ORDERS_TYPICAL, lazada.read_orders, is_documented=True),
    Layout(
        lazada.SELLER_CENTER,
        lazada.SELLER_CENTER_REQUIRED,
        lazada.SELLER_CENTER_TYPICAL,
        lazada.read_orders,
        is_documented=True,
    ),
    Layout(
        lazada.STATEMENT,
        lazada.STATEMENT_REQUIRED,
        lazada.STATEMENT_TYPICAL,
        lazada.read_statement,
        has_notes=False,
        is_documented=True,
    ),
    Layout(magalu.NAME, magalu.REQUIRED, magalu.TYPICAL, magalu.read, fields=magalu.FIELDS, is_documented=True),
    Layout(
        walmart.ORDERS,
        walmart.ORDERS_REQUIRED,
        walmart.ORDERS_TYPICAL,
        walmart.read_orders,
        fields=walmart.ORDERS_FIELDS,
        is_documented=True,
    ),
    Layout(
        walmart.PAYMENTS,
        walmart.PAYMENTS_REQUIRED,
        walmart.PAYMENTS_TYPICAL,
        walmart.read_payments,
        has_notes=False,
        is_documented=True,
    ),
    Layout(meesho_payments.NAME, meesho_payments.REQUIRED, meesho_payments.TYPICAL, meesho_payments.read),
    Layout(shopee_income.NAME, shopee_income.REQUIRED, shopee_income.TYPICAL, shopee_income.read, is_documented=True),
    Layout(shopee_income.NAME, shopee_income.REQUIRED_OF_PARTS, shopee_income.TYPICAL, shopee_income.read),
    Layout(tiktok_income.NAME, tiktok_income.REQUIRED, tiktok_income.TYPICAL, tiktok_income.read, is_documented=True),
    Layout(
        shopify_payouts.NAME,
        shopify_payouts.REQUIRED,
        shopify_payouts.TYPICAL,
        shopify_payouts.read,
        is_documented=True,
    ),
    Layout(
        stripe.PAYMENTS, stripe.PAYMENTS_REQUIRED, stripe.PAYMENTS_TYPICAL, stripe.read_payments, is_documented=True
    ),
    Layout(stripe.PAYMENTS, stripe.CONVERTED_REQUIRED, stripe.CONVERTED_TYPICAL, stripe.read_payments),
    Layout(stripe.PAYMENTS, stripe.CHARGES_REQUIRED, stripe.CHARGES_TYPICAL, stripe.read_charges, is_documented=True),
    Layout(stripe.BALANCE, stripe.BALANCE_REQUIRED, stripe.BALANCE_TYPICAL, stripe.read_balance, is_documented=True),
    Layout(stripe.BALANCE, stripe.HISTORY_REQUIRED, stripe.HISTORY_TYPICAL, stripe.read_balance, is_documented=True),
    Layout(
        stripe.BALANCE,
        stripe.TRANSACTIONS_REQUIRED,
        stripe.TRANSACTIONS_TYPICAL,
        stripe.read_transactions,
        is_documented=True,
    ),
)

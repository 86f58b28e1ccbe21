"""The sales channels that a plan can be written for."""

from typing import Final

#: channel id, as in the API, in events and in URLs -> the name a person reads
CHANNELS: Final[dict[str, str]] = {
    "mercado_livre": "Mercado Livre",
    "shopee": "Shopee",
    "amazon": "Amazon",
    "magalu": "Magalu",
    "tiktok_shop": "TikTok Shop",
    "americanas": "Americanas",
    "shein": "Shein",
    "own_store": "Loja própria",
}


def channel_name(channel: str) -> str:
    """Return the display name, or the id itself for a channel of a later version."""
    return CHANNELS.get(channel, channel)

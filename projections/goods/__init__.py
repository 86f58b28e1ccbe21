"""The read model of costs, stock and reports of advertising, by SKU and with their history."""

"""Products, SKUs and the stock journal."""

"""ShopDesk: one window, one file, no network, for the owner of a small online shop."""

__version__ = "0.1.0"

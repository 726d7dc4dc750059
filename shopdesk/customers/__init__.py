"""Buyers: who they are, what they bought, what was said."""

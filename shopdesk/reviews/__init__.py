"""Reviews and the replies to them."""

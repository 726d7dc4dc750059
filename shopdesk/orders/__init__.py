"""Orders, their lines, events, returns and refunds."""

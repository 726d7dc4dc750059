"""Platform files in, every table out."""

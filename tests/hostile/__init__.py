"""Everything that is made to harm, at every door: see watching.py for what must hold."""

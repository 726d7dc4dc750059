"""The day board: today's lines from rules, tasks and routines."""

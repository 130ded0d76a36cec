"""What may happen: procedures as data, guards, clocks, timers, reactions, command handlers."""

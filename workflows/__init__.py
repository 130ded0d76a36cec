"""What may happen: procedures as data, guards, clocks, timers, reactions, one handler per command."""

"""What is true: events, deciders, value objects, refusals and ports. Standard library only."""

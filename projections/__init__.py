"""What is shown: one module per read model, from (row, event) to row."""

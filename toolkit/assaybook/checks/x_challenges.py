"""The challenges that cut across: whether the inventory is complete."""

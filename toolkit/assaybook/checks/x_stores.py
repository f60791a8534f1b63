"""The challenges that cut across: data that anyone can reach."""

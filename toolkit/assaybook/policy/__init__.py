"""The policy language of AWS: what a principal may do, and who may reach a resource. Standard library only."""

"""Terraform: modules read as far as their text tells, in CloudFormation's terms like all other templates."""

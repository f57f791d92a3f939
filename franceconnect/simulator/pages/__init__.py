"""The pages that people see of FranceConnect."""

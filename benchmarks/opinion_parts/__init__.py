"""What opinion.py is made of."""

"""Mail as rows; see models.py, and services.py for writing and sending them."""

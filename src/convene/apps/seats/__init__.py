"""Who gets a seat, by which rule. The one place that moves a seat is services."""

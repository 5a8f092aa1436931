"""For whom what the community stewards is key, how deep and by which route; and what follows from it."""

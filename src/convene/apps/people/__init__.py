"""Who someone is: person, consent, access need."""

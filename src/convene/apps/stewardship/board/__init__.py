"""What nobody knows yet: questions from notes, inquiries and members; they become conversations."""

"""Pure rules: what an inquiry may be, what may be said in it, and what may be shown of it."""

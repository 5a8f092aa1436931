"""What comes in from other systems and what goes out to them: tables, with a mapping and a dry run."""

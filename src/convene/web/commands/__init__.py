"""What the subcommands of `convene` do once the site is loaded."""

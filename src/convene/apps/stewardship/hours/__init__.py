"""Members' time: what planned sessions ask for, against the share of training the community set itself."""

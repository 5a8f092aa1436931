"""Is access equal? Figures of closed quarters and years, for stewards; no name, no figure below five."""

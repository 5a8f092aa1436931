"""The capability map: what the community stewards, how deep one can know it, and who can teach it."""

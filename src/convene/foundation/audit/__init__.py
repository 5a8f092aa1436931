"""The audit trail; rows are written by events.publish alone."""

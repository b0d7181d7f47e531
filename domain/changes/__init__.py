"""Change requests: numbered, versioned, approved by quorum, applied, acknowledged."""

"""Use cases about a tracker elsewhere: whose account is whose, and which plan is which."""

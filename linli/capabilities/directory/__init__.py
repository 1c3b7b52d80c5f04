"""The living directory: who comes when you call, and referral to an outside professional."""

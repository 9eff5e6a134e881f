"""Every read of commissions: the ledger, what the engine needs, and what pages and files show."""

"""Everything that changes commissions.  Postings go through `ledger.post` and nowhere else."""

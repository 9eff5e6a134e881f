"""A channel partner portal: deal registrations, collateral and commissions of one vendor."""

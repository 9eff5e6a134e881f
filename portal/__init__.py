"""A channel partner portal: registrations, collateral and commissions between a vendor and its partners."""

"""What people type about collateral: shape only."""

"""What holds for collateral without a database: one module for each subject."""

"""Every read of registrations: lists, one record, and what judgement needs."""

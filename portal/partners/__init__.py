"""Companies in the channel: distributors, resellers, VARs and agents, and who supplies whom."""

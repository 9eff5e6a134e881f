"""Deal registration: claims on end customers, their judgement, protection and outcome."""

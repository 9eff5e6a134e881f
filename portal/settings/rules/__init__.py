"""How the deal rules stand on a form: single settings as fields, lists as lines of text."""

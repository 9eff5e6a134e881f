"""Telling people what happened: letters are rendered and handed to the mail server here."""

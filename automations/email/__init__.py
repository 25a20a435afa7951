"""E-mails as they are written, prepared, sent and answered: what an e-mail says, and what becomes of it."""

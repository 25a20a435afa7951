"""What comes back for an e-mail that was sent: answers, bounces, complaints."""

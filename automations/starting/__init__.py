"""What lets people in: changes of payments, changes that stay so, dates that come, and what happens to people."""

"""What automations and campaigns achieved: counting it, keeping the counts, and the people behind each number."""

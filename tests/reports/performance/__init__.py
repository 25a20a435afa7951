"""What automations and campaigns achieved."""

"""The business itself: monthly recurring revenue and how it moved, trials, failed payments, and who stays."""

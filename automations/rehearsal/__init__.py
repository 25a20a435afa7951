"""What a flow would do: who would have entered, what they would have got, and a run that only its tester hears of."""

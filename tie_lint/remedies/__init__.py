"""What a corrected model would declare and define."""

"""What is made of a marking for people: the output folder, its verification, comparisons and explanations."""

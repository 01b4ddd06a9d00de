"""What a score is: plan, kernels, marking, trace and explanation. Touches no clock, chance, file or network."""

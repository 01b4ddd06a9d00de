"""How far an assessment's results depend on its choices: weights, further ways to rank, statistics, uncertainty, sensitivity."""

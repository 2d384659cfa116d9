// NumPy files, symmetric eigenproblems, statistics: what every room may use. Knows no physics.

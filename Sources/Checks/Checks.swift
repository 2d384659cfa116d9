// Parametrised cases that tests, doctor and benchmarks share.

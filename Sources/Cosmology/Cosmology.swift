// A scalar field in an expanding universe. Knows no network.

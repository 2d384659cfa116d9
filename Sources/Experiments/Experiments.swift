// The named grids of figures, their claims and criteria.

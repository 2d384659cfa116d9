// Outputs, Jacobians, tangent kernels and training of an ensemble of networks.

/// What is called the mean field f̄ of a network, and which rate drives it: f̄″ + 3H f̄′ + κ l′(f̄) = 0.
public enum MeanField: String, Sendable, Hashable, Codable, CaseIterable {
    /// Definition B: f̄ = v₁·f/u₁ with κ = L₁. Its perturbation has no leading mode, and for quadratic losses the equation is
    /// exact for a frozen kernel. The default.
    case leadingMode
    /// Definition A: the arithmetic mean ⟨f⟩ with κ = L₁ (KS eq. 23). Equal to B for a uniform leading mode.
    case arithmetic
    /// ⟨f⟩ with κ = ⟨Θ⟩, the mean of all elements of the kernel (KS appendix B).
    case meanKernel
}

/// The equation of the modes δ_i = v_i·(f − f̄).
public enum ModeEquation: String, Sendable, Hashable, Codable, CaseIterable {
    /// δ_i″ + 3H δ_i′ + L_i l″(f̄) δ_i = u_i (κ − L_i) l′(f̄): what follows from KS eq. 9 when the leading mode is not exactly
    /// uniform, with κ = L₁ unless the mean field says otherwise. Exact for quadratic losses. The default.
    case sourced
    /// KS eq. 24 as printed, without the right side.
    case homogeneous
}

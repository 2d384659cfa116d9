extension HTMLReport {
    /// How a network is read as a universe, for readers who have not read the paper.
    static let dictionarySection: HTML = """
        <section class="dictionary" aria-labelledby="report.dictionary">
        <h2 id="report.dictionary">How a network is read as a universe</h2>
        <p>A network with parameters \(m("θ")) and outputs \(m("f(x)")) is trained by gradient descent with learning rate \(m("η")) and \
        momentum \(m("γ")), from rest, on all \(m("N")) points at once. This is a heavy ball that rolls down the loss \(m("L")):</p>
        \(block("θ_{k+1} = θ_k + γ (θ_k − θ_{k−1}) − η ∇L(θ_k)"))
        <p>What a step of the parameters does to the outputs is told by the <em>tangent kernel</em>, measured before the training. In a wide \
        network it hardly changes while the network trains, so that the outputs alone obey the same recursion:</p>
        \(block("Θ(x, x′) = ∑_p ∂_p f(x) ∂_p f(x′)"))
        \(block("f_{k+1} = f_k + γ (f_k − f_{k−1}) − \\frac{η}{N} Θ l′(f_k)"))
        <p>Here \(m("l")) is the loss of one output. With one point the kernel is one number \(m("Θ_0")); with several, each eigenvalue \
        \(m("λ_i")) of \(m("Θ")) drives its own mode: the leading one is the homogeneous field, the others are its perturbations. Let steps \
        become time, \(m("t = k \\sqrt{η}")), and the output is a scalar field that rolls in a potential, slowed by the expansion of its \
        universe at the Hubble rate \(m("H")):</p>
        \(block("f″ + 3H f′ + F Θ_0 l′(f) = 0"))
        <p>The universe expands as the Friedmann equation says, with the reduced Planck mass \(m("M")) and, in the paper's dictionary, with \
        the loss on top of a vacuum energy \(m("V_0")) as the potential:</p>
        \(block("3M^2 H^2 = \\frac{1}{2} f′^2 + V_0 + Θ_0 l(f)"))
        <p>The network's friction does not change during the training. The universe's does not either as long as the vacuum energy \
        dominates the energy of the field; the figures ask for \(m("Θ_0 l(f_0) < 0.1 V_0")). A dictionary says which friction, \
        force, initial velocity and vacuum energy belong to \(m("η")) and \(m("γ")). Friction is stated in the time \(m("t")), vacuum \
        energy in \(m("t \\sqrt{F}")), in which the field has unit mass and \(m("V_0 = 3M^2 H^2/F")):</p>
        <div class="scroll" role="region" aria-label="Terms of the dictionaries" tabindex="0">
        <table class="plain terms">
        <thead><tr><td></td><th scope="col">paper</th><th scope="col">corrected</th><th scope="col">exact</th></tr></thead>
        <tbody>
        <tr><th scope="row">friction \(m("3H"))</th><td>\(m("\\frac{1 − γ}{\\sqrt{η}}"))</td>\
        <td>\(m("\\frac{2 (1 − γ)}{(1 + γ) \\sqrt{η}}"))</td><td>\(m("− \\frac{\\ln γ}{\\sqrt{η}}"))</td></tr>
        <tr><th scope="row">force \(m("F"))</th><td>\(m("1"))</td><td>\(m("\\frac{2}{1 + γ}"))</td><td>from the roots, by mode</td></tr>
        <tr><th scope="row">initial velocity \(m("f′(0)"))</th><td>\(m("0"))</td>\
        <td>\(m("− \\frac{\\sqrt{η}}{1 + γ} Θ_0 l′(f_0)"))</td><td>from \(m("f_{−1} = f_0"))</td></tr>
        <tr><th scope="row">vacuum energy \(m("V_0"))</th><td>\(m("\\frac{M^2 (1 − γ)^2}{3 η}"))</td>\
        <td>\(m("\\frac{2 M^2 (1 − γ)^2}{3 (1 + γ) η}"))</td><td>\(m("\\frac{3 M^2 H^2}{F}"))</td></tr>
        <tr><th scope="row">leaves the training at</th><td>first order in \(m("\\sqrt{η}"))</td><td>second order</td>\
        <td>never, for quadratic losses</td></tr>
        </tbody>
        </table>
        </div>
        <p>The <em>paper's</em> dictionary takes the limit of small steps. The <em>corrected</em> one keeps the next order: the recursion is \
        a ball of mass \(m("(1 + γ)/2")), not 1, and starting from rest with a full step is a velocity of half a kick. The <em>exact</em> one \
        takes the roots \(m("z")) of \(m("z^2 − (1 + γ − η λ) z + γ = 0")), with \(m("λ")) the curvature that a mode feels. The \
        <em>null model</em> has no inertia, \(m("3H f′ = − Θ_0 l′(f)")): where it predicts a training as well as the field does, that training \
        says nothing about an expanding universe. Errors are in units of the <em>travel</em>, how far the output moved at the \
        most; those of a mean over points, how far it is at the end.</p>
        </section>
        """

    private static func m(_ notation: String) -> HTML { MathML.inline(notation) }

    private static func block(_ notation: String) -> HTML {
        "<div class=\"scroll equation\" role=\"group\" aria-label=\"Equation\" tabindex=\"0\">\(MathML.block(notation))</div>"
    }
}

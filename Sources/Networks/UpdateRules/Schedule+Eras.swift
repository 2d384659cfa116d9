extension Schedule {
    /// A stretch of time in which one fluid drives the expansion.
    public struct Era: Sendable, Hashable {
        /// w, from −1 (a constant H) on.
        public let equationOfState: Double
        /// How many steps it takes.
        public let steps: Int

        public init(equationOfState: Double, steps: Int) { (self.equationOfState, self.steps) = (equationOfState, steps) }

        /// Fluids by name, with their w.
        public static let named: [(name: String, equationOfState: Double)] = [
            ("de-sitter", -1), ("matter", 0), ("radiation", 1.0 / 3), ("kination", 1), ("curvature", -1.0 / 3),
        ]
    }

    /// Eras one after the other with continuous a and H, such as de Sitter, matter and radiation: H′ = −(3/2)(1 + w) H², so that 1/H grows by
    /// (3/2)(1 + w) √η in a step. An H for every step of `de-sitter`.
    ///
    /// - Parameters:
    ///   - learningRate: η.
    ///   - hubble: H at step 0.
    /// - Throws: `NetworkError` for no eras, eras without steps, w < −1, or an H that is not positive.
    public static func eras(learningRate: Double, hubble: Double, _ eras: [Era]) throws(NetworkError) -> Schedule {
        guard learningRate > 0, hubble > 0 else {
            throw .outOfRange(
                what: "the Hubble rate or the learning rate", value: "\(hubble) or \(learningRate)", limit: "positive",
                remedy: "use 1 and 0.01")
        }
        var time = 1 / hubble, rates: [Double] = []
        for era in eras {
            guard era.equationOfState >= -1, era.equationOfState.isFinite, era.steps > 0 else {
                throw .outOfRange(
                    what: "an era", value: "w = \(era.equationOfState) for \(era.steps) steps", limit: "w at least -1, for 1 step or more",
                    remedy: "use -1 for a constant H, 0 for matter, 1/3 for radiation")
            }
            for _ in 0..<era.steps {
                rates.append(1 / time)
                time += 1.5 * (1 + era.equationOfState) * learningRate.squareRoot()
            }
        }
        return try Schedule(.deSitter, values: [rates.map { _ in learningRate }, rates])
    }
}

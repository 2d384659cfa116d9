extension UpdateRule {
    /// What the schedule gives for every step, or once for all.
    public struct Parameter: Sendable, Hashable {
        /// As OpenCL, scan files and columns call it.
        public let name: String
        /// As equations call it.
        public let symbol: String
        /// What messages call it, such as `the learning rate`.
        public let title: String
        /// What it may be.
        public let limits: Limits
        /// What to do about a value that it may not have.
        public let remedy: String
        /// What it is where nobody says it.
        public let standard: Standard

        public init(_ name: String, _ symbol: String, _ title: String, _ limits: Limits, remedy: String, standard: Standard) {
            (self.name, self.symbol, self.title, self.limits) = (name, symbol, title, limits)
            (self.remedy, self.standard) = (remedy, standard)
        }

        /// η, which every rule begins with.
        static let learningRate = Parameter(
            "learningRate", "η", "the learning rate", .positive, remedy: "choose a step such as 0.01", standard: .none)

        /// What a parameter is where nobody says it.
        public enum Standard: Sendable, Hashable {
            /// It has to be said.
            case none
            case value(Double)
            /// L₁ of the network before its training: Θ₀ for one output on one point.
            case leadingEigenvalue
        }

        /// The values that a parameter may have.
        public enum Limits: Sendable, Hashable {
            /// Any finite number.
            case finite
            /// Positive and finite.
            case positive
            /// Zero or more, and finite.
            case notNegative
            /// From 0 to 1.
            case fraction
            /// From 0 to below 1.
            case belowOne
            /// Above −1, and finite.
            case aboveMinusOne

            public func allow(_ value: Double) -> Bool {
                switch self {
                case .finite: value.isFinite
                case .positive: value > 0 && value.isFinite
                case .notNegative: value >= 0 && value.isFinite
                case .fraction: value >= 0 && value <= 1
                case .belowOne: value >= 0 && value < 1
                case .aboveMinusOne: value > -1 && value.isFinite
                }
            }

            /// In words.
            public var description: String {
                switch self {
                case .finite: "a finite number"
                case .positive: "positive and finite"
                case .notNegative: "0 or more, and finite"
                case .fraction: "from 0 to 1"
                case .belowOne: "from 0 to below 1"
                case .aboveMinusOne: "above -1, and finite"
                }
            }
        }
    }

    /// A number of a member that its control keeps from step to step.
    public struct Memory: Sendable, Hashable {
        /// As OpenCL calls it, and results if it is recorded.
        public let name: String
        /// Its value before step 0.
        public let initial: Double
        /// Whether it is recorded at recorded steps, as the control of that step leaves it.
        public let isRecorded: Bool

        public init(_ name: String, initial: Double, isRecorded: Bool = false) {
            (self.name, self.initial, self.isRecorded) = (name, initial, isRecorded)
        }
    }

    /// A sum over all weights of a member, of a product of two of what a weight has after a step.
    public struct Reduction: Sendable, Hashable {
        /// As OpenCL calls it.
        public let name: String
        public let factors: (Factor, Factor)

        /// What a weight has.
        public enum Factor: Sendable, Hashable {
            /// One of its states, by its place.
            case state(Int)
            /// `g`.
            case gradient
        }

        public init(_ name: String, _ first: Factor, _ second: Factor) { (self.name, factors) = (name, (first, second)) }

        /// The product of one weight.
        public func term(_ states: [Double], _ g: Double) -> Double {
            func value(_ factor: Factor) -> Double { if case .state(let place) = factor { states[place] } else { g } }
            return value(factors.0) * value(factors.1)
        }

        public static func == (a: Self, b: Self) -> Bool { a.name == b.name && a.factors == b.factors }

        public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    }
}

import Foundation
import Networks

/// An ensemble whose networks diffuse, are copied and are removed, at the rate F(w)/ħ above and below what keeps their number: the imaginary-time
/// Schrödinger process of networks, −D ψ″ + (F/2D) ψ = E ψ in units of ħ = 2D. It is computed on the host, in double precision.
public struct BirthDeath: Sendable, Hashable {
    /// The network whose F it is.
    public let network: MicroNetwork
    /// Networks at the start. Eight islands of equal size keep to themselves, so what is beyond a multiple of 8 is left out.
    public let networks: Int
    /// D.
    public let diffusion: Double
    /// dt. The splitting is symmetric: levels are off by (ω dt)²/24 of themselves.
    public let timeStep: Double
    /// K, the number of steps, those of the warm-up among them.
    public var steps: Int
    /// Steps before anything is counted.
    public var warmUp: Int
    /// Steps after which numbers and energies are kept, ascending, 0 and K among them.
    public var recordedSteps: [Int]
    /// The key of the random numbers.
    public let seed: UInt64

    /// Parts that keep to themselves: their scatter gives the standard error.
    public static let islands = 8
    /// Networks at the least: 2000 on an island.
    public static let fewest = 16_000
    /// Networks at the most, so that sums of their weights in units of 2⁻³² are whole numbers of 63 bits.
    static let most = 1 << 22
    /// Where weights are counted, every 20 steps.
    public static let bins = EnsembleProblem.Bins(-3.5...3.5, count: 80)
    static let interval = 20
    /// Energies are summed in units of 2⁻³².
    static let scale = 0x1p32

    /// An ensemble; see the properties. Default: a quarter of the steps is the warm-up; kept at both ends.
    public init(
        network: MicroNetwork, networks: Int, diffusion: Double, timeStep: Double = 0.02, steps: Int, warmUp: Int? = nil, seed: UInt64
    ) {
        self.network = network
        self.networks = networks
        self.diffusion = diffusion
        self.timeStep = timeStep
        self.steps = steps
        self.warmUp = warmUp ?? steps / 4
        recordedSteps = steps > 0 ? [0, steps] : [0]
        self.seed = seed
    }

    /// Refuses what cannot be computed or says nothing, before any work.
    /// - Throws: `LearningError`.
    public func check() throws(LearningError) {
        guard networks >= Self.fewest else {
            throw .tooFewNetworks(count: networks, needed: Self.fewest, purpose: "an energy told to 0.3 % by eight independent parts")
        }
        try LearningError.require(
            networks <= Self.most, "the number of networks", "\(networks)", "at most \(Self.most)", "use several seeds")
        try LearningError.require(diffusion >= 1e-3 && diffusion <= 10, "the diffusion", "\(diffusion)", "from 0.001 to 10", "use 0.15")
        try LearningError.require(
            timeStep >= 1e-4 && timeStep <= 0.1, "the time of a step", "\(timeStep)", "from 0.0001 to 0.1", "use 0.02")
        try LearningError.require(steps: steps, warmUp: warmUp)
        let decay = decayToTheWalls
        try LearningError.require(
            decay >= 6, "the diffusion", "\(diffusion)", "so small that the ground state has fallen below e^-6 at ±\(GroundState.wall)",
            "lower it, or raise the weight decay")
    }

    /// ∫ √((U − E)/D) dw from where U = F/2D passes the level E of a harmonic well to the nearer wall: the fall of ψ_0 by WKB.
    private var decayToTheWalls: Double {
        let count = 64, h = GroundState.wall / Double(count)
        let potential = (-count...count).map { network.freeEnergy(at: Double($0) * h) / (2 * diffusion) }
        let least = potential.min() ?? 0, bottom = potential.firstIndex(of: least) ?? count
        let inner = max(1, min(2 * count - 1, bottom))
        let curvature = max(0, potential[inner - 1] - 2 * potential[inner] + potential[inner + 1]) / (h * h)
        let level = least + (diffusion * curvature / 2).squareRoot()
        let falls = [Array(potential[...count]), Array(potential[count...])].map { side in
            side.reduce(0.0) { $0 + (max(0, $1 - level) / diffusion).squareRoot() * h }
        }
        return falls.min() ?? 0
    }

    /// What becomes of it: how many networks an island has and the sum of its energies after the warm-up, and counts of weights.
    /// - Throws: `SymmetricEigenError`; what `device.proceed` throws.
    func computed(on device: LearningDevice) throws -> ProcessRecord {
        let landscape = try GroundState(network, diffusion: diffusion)
        return try ProcessRecord(
            moving: (0..<UInt32(Self.islands)).map { Island(self, landscape, number: $0) }, recordedSteps: recordedSteps,
            networks: networks, on: device, counts: \.counts)
    }
}

/// Networks that keep to themselves.
private struct Island: ProcessPart {
    let process: BirthDeath
    let landscape: GroundState
    let number: UInt32
    private var weights: [Double]
    /// F/2D of each.
    private var rates: [Double]
    /// The offset of the rates that is to keep their number.
    private var trial: Double
    private var energy = 0
    private(set) var counts = [Int](repeating: 0, count: BirthDeath.bins.count)
    private(set) var isFinite = true

    init(_ process: BirthDeath, _ landscape: GroundState, number: UInt32) {
        self.process = process
        self.landscape = landscape
        self.number = number
        weights = (0..<process.networks / BirthDeath.islands).map { 1.3 * ($0.isMultiple(of: 2) ? 1.0 : -1) }
        rates = weights.map(landscape.rate)
        // Off by 30 %, so that it is the networks that find the level; cut, so that the last places of a library's eigenvalue decide nothing.
        trial = (1.3 * landscape.energy * 0x1p20).rounded() * 0x1p-20
    }

    var numbers: [Double] { [Double(weights.count), Double(energy)] }

    mutating func advance(_ steps: Range<Int>) { for step in steps where isFinite { take(step) } }

    private mutating func take(_ step: Int) {
        let each = process.networks / BirthDeath.islands, dt = process.timeStep, kick = (2 * process.diffusion * dt).squareRoot()
        var next: [Double] = [], nextRates: [Double] = [], total = 0
        next.reserveCapacity(weights.count + weights.count / 50)
        nextRates.reserveCapacity(weights.count + weights.count / 50)
        for (place, w) in weights.enumerated() {
            let words = TrainingNoise.block(
                seed: process.seed, network: UInt32(truncatingIfNeeded: place), step: UInt32(truncatingIfNeeded: step), block: number,
                .process)
            let moved = w + kick * Double(TrainingNoise.normals(words.x, words.y).0), now = landscape.rate(moved)
            let weight = exp(-dt * (0.5 * (rates[place] + now) - trial))
            guard weight < 64 else {
                isFinite = false
                return
            }
            // In units of 2⁻³², of which a random word is one as well.
            let whole = Int((weight * 0x1p32).rounded())
            total += whole
            for _ in 0..<(whole + Int(words.z)) >> 32 {
                next.append(moved)
                nextRates.append(now)
            }
        }
        let growth = Double(total) * 0x1p-32 / Double(weights.count)
        let level = trial - log(growth) / dt
        (weights, rates) = (next, nextRates)
        // None is left, or more than memory and numbers were made for.
        guard !weights.isEmpty, weights.count <= 16 * each, abs(level) < 2048 else {
            isFinite = false
            return
        }
        trial -= dt * log(Double(weights.count) / Double(each))
        guard step >= process.warmUp else { return }
        energy += Int((level * BirthDeath.scale).rounded())  // bounded: 10⁶ steps of 2¹¹ · 2³²
        guard step.isMultiple(of: BirthDeath.interval) else { return }
        let bins = BirthDeath.bins
        for w in weights where bins.range.contains(w) {
            counts[min(bins.count - 1, Int((w - bins.range.lowerBound) / bins.width))] += 1
        }
    }
}

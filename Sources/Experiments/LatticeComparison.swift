import Arrays
import Cosmology
import Duality
import Engines
import Figures
import Foundation
import Networks
import Runs

/// Training a network on N points, the recursion of its frozen kernel and a lattice of N sites as simulations of a field of mass 1 in a universe
/// of constant H: operations, measured time, and distance from the exact solution of the equation that each is to solve.
public struct LatticeComparison: Experiment {
    /// `lattice`.
    public let id = "lattice"
    public let title = "Training as a simulation, beside a lattice"
    private let scan: EmbeddedScan

    static let hubble = 0.1
    static let duration = 20.0
    /// The steps of lattices and recursions; networks are trained with the third.
    static let ticks = [0.5, 0.25, 0.1, 0.05, 0.025]

    /// The full grid has 8 networks of each of four widths on 4, 16 and 64 points; the quick one 3 of the three narrower.
    init(quick: Bool, seed: UInt64) throws { scan = try EmbeddedScan("lattice", quick: quick, seed: seed) }

    public var runs: any RunSource { scan }

    public func report(known: (Run) throws -> RunResult?) throws -> ExperimentReport {
        let results = try scan.results(known: known, experiment: id)
        let seconds = try Dictionary(grouping: results) { Size($0) }.mapValues { try Self.trainingTime($0[0].run) }
        let fields = try results.map { try Field($0, seconds: seconds[Size($0)] ?? .nan) }
        return ExperimentReport(figures: [try figure(fields)], claims: [try judge(fields)])
    }

    struct Size: Hashable {
        let points: Int
        let width: Int

        init(_ result: RunResult) {
            points = result.run.inputs.points
            width = result.run.architecture.widths.first ?? 0
        }
    }

    /// One simulation of a field over the whole time.
    struct Simulation: Sendable {
        /// The step h.
        let tick: Double
        let operations: Int
        /// On one thread of the host, in float64.
        let seconds: Double
        /// The root of the mean square distance from the exact field at the end of each unit of time, over that of the field at the start.
        let error: Double
    }

    /// The field of one network, in four ways.
    struct Field: Sendable {
        let points: Int
        let width: Int
        let architecture: Architecture
        let trained: Simulation
        let recursions: [Simulation]
        /// Without k²/a², and with it where the step is shorter than light takes between sites.
        let lattices: (local: [Simulation], coupled: [Simulation])
        /// How far the field of the network is from that of the lattice with k²/a².
        let distanceFromCoupled: Double

        init(_ result: RunResult, seconds: Double) throws {
            guard let training = result.run.training, let anchor = training.loss.singleAnchor, result.divergedAt == nil else {
                throw ExperimentError.nothingToJudge(experiment: "lattice", reason: "a run is no finite training of one field")
            }
            let count = result.rows, network = try FrozenNetwork(result, training)
            (points, width, architecture) = (count, result.run.architecture.widths.first ?? 0, result.run.architecture)
            let start = result.outputs(at: 0).map { $0 - anchor }, units = Int(LatticeComparison.duration)
            // Rows of fields at t = 1, 2, …
            func sampled(_ values: [Double], tick: Double) -> [Double] {
                let every = Int((1 / tick).rounded())
                return (1...units).flatMap { (unit: Int) -> ArraySlice<Double> in
                    let row = unit * every * count
                    return values[row..<row + count]
                }
            }
            let size = (start.reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
            func distance(_ field: [Double], _ exact: [Double]) -> Double {
                (zip(field, exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(exact.count)).squareRoot() / size
            }
            func steps(_ tick: Double) -> Int { Int((LatticeComparison.duration / tick).rounded()) }

            // The modes of the frozen kernel, each a damped oscillator.
            let spectrum = try network.spectrum(result.engine.precision)
            let modes = (0..<count).map { mode -> (vector: [Double], amplitude: Double, mass: Double) in
                let vector = spectrum.vector(mode)
                return (vector, zip(vector, start).reduce(0) { $0 + $1.0 * $1.1 }, 2 * training.loss.scale * spectrum.eigenvalues[mode])
            }
            let exact = (1...units).flatMap { unit -> [Double] in
                let now = modes.map { $0.amplitude * LatticeComparison.decay(squaredMass: $0.mass, at: Double(unit)) }
                return (0..<count).map { point in modes.indices.reduce(0) { $0 + modes[$1].vector[point] * now[$1] } }
            }
            let tick = training.schedule.learningRate(at: 0).squareRoot()
            let field = sampled(result.outputs.map { $0 - anchor }, tick: tick)
            trained = Simulation(
                tick: tick, operations: training.steps * SimulationCost.training(architecture, points: count), seconds: seconds,
                error: distance(field, exact))
            recursions = try LatticeComparison.ticks.map { tick in
                let schedule = try Schedule(.deSitter, values: [[tick * tick], [LatticeComparison.hubble]])
                let finer = try FrozenNetwork(
                    outputs: network.outputs, kernel: network.kernel, points: count, loss: training.loss, schedule: schedule,
                    steps: steps(tick))
                let (values, seconds) = try LatticeComparison.timed { try Prediction.frozen.trajectory(of: finer).values }
                return Simulation(
                    tick: tick, operations: steps(tick) * SimulationCost.recursion(points: count), seconds: seconds,
                    error: distance(sampled(values.map { $0 - anchor }, tick: tick), exact))
            }

            // The same start on sites as far apart as the points are, in units of which the interval is 2/H long.
            func states(_ tick: Double, hasGradient: Bool) throws -> [Double] {
                let spacing = 2 / (LatticeComparison.hubble * Double(count - 1))
                let lattice = try LatticeField(
                    potential: .power(scale: 0.5, degree: 2), expansion: .constant(hubble: LatticeComparison.hubble), spacing: spacing,
                    boundary: .reflecting, hasGradient: hasGradient)
                return try lattice.evolve(
                    .init(phi: start, velocity: start.map { _ in 0 }), timeStep: tick, steps: steps(tick), every: Int((1 / tick).rounded())
                ).dropFirst().flatMap(\.phi)
            }
            func simulated(hasGradient: Bool, _ exact: [Double]) throws -> [Simulation] {
                let longest = hasGradient ? 2 / (LatticeComparison.hubble * Double(count - 1)) : .infinity
                return try LatticeComparison.ticks.filter { $0 <= longest }.map { tick in
                    let (values, seconds) = try LatticeComparison.timed { try states(tick, hasGradient: hasGradient) }
                    return Simulation(
                        tick: tick, operations: steps(tick) * SimulationCost.lattice(sites: count, hasGradient: hasGradient),
                        seconds: seconds, error: distance(values, exact))
                }
            }
            let local = (1...units).flatMap { unit in start.map { $0 * LatticeComparison.decay(squaredMass: 1, at: Double(unit)) } }
            // No closed form: k²/a² changes. Sixteen times shorter steps leave 1/256 of the error of the shortest.
            let coupled = try states(LatticeComparison.ticks[LatticeComparison.ticks.count - 1] / 16, hasGradient: true)
            lattices = (try simulated(hasGradient: false, local), try simulated(hasGradient: true, coupled))
            distanceFromCoupled = distance(field, coupled)
        }

        /// The operations of the cheapest lattice with k²/a² whose error is no greater than the network's; those of the shortest step if
        /// none is.
        var lattice: Simulation {
            lattices.coupled.first { $0.error <= trained.error } ?? lattices.coupled[lattices.coupled.count - 1]
        }
        /// Those of the network over those of that lattice.
        var operationRatio: Double { Double(trained.operations) / Double(lattice.operations) }
        var timeRatio: Double { trained.seconds / lattice.seconds }
    }

    /// c(t)/c(0) of c″ + 3Hc′ + m²c = 0 from rest.
    static func decay(squaredMass: Double, at time: Double) -> Double {
        let half = 1.5 * hubble, square = squaredMass - half * half, rate = abs(square).squareRoot()
        guard rate > 0 else { return exp(-half * time) * (1 + half * time) }
        let (cosine, sine) = square > 0 ? (cos(rate * time), sin(rate * time)) : (cosh(rate * time), sinh(rate * time))
        return exp(-half * time) * (cosine + half / rate * sine)
    }

    /// A value and the median time of three ways to it.
    static func timed<Value>(_ work: () throws -> Value) throws -> (Value, Double) {
        var times: [Double] = [], value = try work()
        for _ in 0..<3 {
            let begin = ContinuousClock.now
            value = try work()
            times.append((ContinuousClock.now - begin) / .seconds(1))
        }
        return (value, try Statistics.median(times))
    }

    /// The training alone, by the reference engine, which is plain Swift as the lattice is.
    private static func trainingTime(_ run: Run) throws -> Double {
        guard let training = run.training else { return .nan }
        let ensemble = try Ensemble(
            architecture: run.architecture,
            members: [
                .init(source: run.source, sigmaW: run.sigmaW, sigmaB: run.sigmaB, loss: training.loss, schedule: training.schedule)
            ], inputs: [run.inputs])
        let job = Job(outputs: false, training: Job.Training(steps: training.steps, recordedSteps: [training.steps]))
        return try timed { try CollectedResults(ReferenceEngine(), ensemble, job) }.1
    }
}

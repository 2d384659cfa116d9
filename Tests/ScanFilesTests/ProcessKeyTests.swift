import Learning
import Runs
import Testing

/// Keys of circulations, and of births and deaths.
@Suite struct ProcessKeyTests {
    private static let circulation = "process: circulation\nnetworks: 2000\nlearningRate: 0.05\nsteps: 40\n"
    private static let births = "process: birth-death\nnetworks: 16000\nsteps: 40\n"

    private static let lattice = "process: lattice\nsites: [8, 4]\nlearningRate: 0.125\nsteps: 40\n"

    @Test func circulations() throws {
        let all = try runs(Self.circulation + "batch: [1, 4]\nturning: [0, 0.2]\nmirrored: true\nwarmUp: 7\nseed: {first: 5}")
        #expect(all.count == 4)
        let expected = Circulation(
            networks: 2000, learningRate: 0.05, batch: 4, turning: 0.2, isMirrored: true, steps: 40, warmUp: 7, seed: 5)
        #expect(all[3].process == .circulation(expected))
        let plain = try #require(try runs(Self.circulation).first)
        #expect(plain.process == .circulation(Circulation(networks: 2000, learningRate: 0.05, batch: 8, steps: 40, warmUp: 10, seed: 0)))
        #expect(plain.recording.trajectory == .ends)
    }

    @Test func birthsAndDeaths() throws {
        let all = try runs(
            Self.births + "diffusion: [0.1, 0.2]\nstepTime: 0.04\nneurons: 8\nweightDecay: 0.3\nwarmUp: 3\nrecord: {matrices: true}")
        #expect(all.count == 2)
        let expected = BirthDeath(
            network: try MicroNetwork(neurons: 8, weightDecay: 0.3), networks: 16_000, diffusion: 0.2, timeStep: 0.04, steps: 40, warmUp: 3,
            seed: 0)
        #expect(all[1].process == .birthDeath(expected) && all[1].recording.matrices)
        let plain = try #require(try runs(Self.births).first)
        #expect(
            plain.process
                == .birthDeath(
                    BirthDeath(network: try MicroNetwork(), networks: 16_000, diffusion: 0.06, timeStep: 0.02, steps: 40, seed: 0)))
        #expect(!plain.recording.matrices)
    }

    @Test func lattices() throws {
        let all = try runs(Self.lattice + "noise: [0.01, 0.1]\nlatticeCoupling: 0.125\nlatticeMass: 0.25\nrecordings: 8\nsmoothing: 0.5")
        let expected = try LatticeLesson(
            teacher: LatticeNetwork(shape: LatticeShape([8, 4]), coupling: 0.125, massSquared: 0.25), steps: 40, recordings: 8,
            learningRate: 0.125, noise: 0.1, smoothing: 0.5, seed: 0)
        #expect(all.count == 2 && all[1].process == .lattice(expected) && !all[1].recording.matrices)
        let plain = try LatticeLesson(
            teacher: LatticeNetwork(shape: LatticeShape([8, 4]), coupling: 0.1, massSquared: 0.0025), steps: 40, recordings: 16,
            learningRate: 0.125, noise: 0.01, seed: 0)
        #expect(try runs(Self.lattice + "latticeCoupling: 0.1").first?.process == .lattice(plain))
        let axis = try runs(Self.lattice.replacing("[8, 4]", with: "[[8, 4], [16]]") + "latticeCoupling: 0.1")
        #expect(axis.count == 2)
    }

    /// The word may vary, and be asked about; ensembles are what they were.
    @Test func processesOnAnAxis() throws {
        let all = try runs(
            "together: [[{process: circulation, learningRate: 0.05}, {process: birth-death}]]\nnetworks: 16000\nsteps: 40\n"
                + "where: process == birth_death")
        #expect(all.map { $0.process?.name } == [.birthDeath])
        let lines = "networks: 40000\nlearningRate: 0.01\nsteps: 10\n"
        #expect(try runs(lines) == runs("process: ensemble\n" + lines))
    }

    @Test(arguments: [
        ("width: 64", "width is given, but process is circulation, which has none"),
        ("diffusion: 0.1", "diffusion is given, but process is circulation, which has none"),
        ("momentum: 0.9", "momentum is given, but process is circulation"),
        ("eras: \"matter:5\"", "eras"),
        ("networks: 1000", "1000 networks are too few for a mean angular velocity with an error from twenty parts, which needs 2000"),
        ("learningRate: 0.5", "the learning rate is 0.5, but must be positive and at most 0.4"),
        ("learningRate: null", "process is circulation, but learningRate is not given; give it, such as learningRate: 0.05"),
        ("steps: null", "process is circulation, but steps is not given"),
        ("networks: null", "process is circulation, but networks is not given"),
        ("turning: 2", "the turned part of the gradient is 2.0, but must be from -1 to 1"),
        ("turning: .nan", "turning"),
        ("batch: 5000", "the mini-batch is 5000, but must be from 1 to 4096"),
        ("warmUp: 40", "the warm-up is 40, but must be from 0 to below the 40 steps"),
        ("warmUp: -1", "warmUp"), ("warmUp: 1.5", "warmUp"), ("mirrored: 2", "mirrored"),
        ("record: {matrices: true}", "record.matrices is given, but circulation counts nothing in bins"),
        ("record: {predictions: [paper]}", "record.predictions is given, but circulation has none"),
    ]) func refusalsOfCirculations(line: String, message: String) { refuse(Self.circulation, line, message) }

    @Test(arguments: [
        ("learningRate: 0.1", "learningRate is given, but process is birth-death, which has none"),
        ("turning: 0.1", "turning is given, but process is birth-death"),
        ("noise: 0.1", "noise is given, but process is birth-death"),
        ("networks: 15999", "15999 networks are too few"), ("networks: null", "process is birth-death, but networks is not given"),
        ("diffusion: -1", "the diffusion is -1.0, but must be from 0.001 to 10"),
        ("diffusion: 5", "the ground state has fallen below e^-6"),
        ("stepTime: 1", "the time of a step is 1.0, but must be from 0.0001 to 0.1"),
        ("weightDecay: -1", "the partition function does not converge"),
        ("neurons: 0", "neurons"), ("steps: 0", "steps"),
        ("warmUp: 41", "the warm-up is 41"),
    ]) func refusalsOfBirthsAndDeaths(line: String, message: String) { refuse(Self.births, line, message) }

    @Test(arguments: [
        ("networks: 40000", "networks is given, but process is lattice, which has none"),
        ("sites: [2, 8]", "sites"), ("sites: [8.5]", "sites"),
        ("sites: [8, 8, 8, 8]", "the number of dimensions is 4, but must be 1, 2 or 3"),
        ("sites: [2000000000]", "but must be 1048576 or less together"), ("sites: null", "process is lattice, but sites is not given"),
        ("latticeCoupling: 0.6", "the coupling A of the lattice is 0.6"), ("latticeCoupling: -1", "the coupling A of the lattice is -1"),
        ("latticeMass: -1", "the squared mass M of the lattice is -1.0"),
        ("recordings: 5", "recordings of a step is 5, but must be a multiple of 4"),
        ("learningRate: 5", "the learning rate 5.0 is unstable"),
        ("learningRate: null", "process is lattice, but learningRate is not given"),
        ("noise: -1", "noise"), ("smoothing: -1", "noise or smoothing of a lesson"), ("steps: 0", "steps"),
        ("record: {trajectory: every 10}", "record.trajectory is given, but lattices are looked at before and after"),
    ]) func refusalsOfLattices(line: String, message: String) {
        refuse(Self.lattice + (line.hasPrefix("latticeCoupling") ? "" : "latticeCoupling: 0.1\n"), line, message)
    }

    @Test(arguments: [
        ("process: ensemble", "process is ensemble, but networks is not given"),
        ("networks: 40000\nturning: 0.1", "turning is given, but networks that learn with noise have none"),
        ("networks: 40000\nwarmUp: 3", "warmUp is given, but networks that learn with noise have none"),
        ("process: other\nnetworks: 40000", "process"),
        ("turning: 0.1", "turning is given, but"),
    ]) func refusalsOfOthers(line: String, message: String) { refuse("learningRate: 0.01\nsteps: 10\n", line, message) }

    private func refuse(_ lines: String, _ line: String, _ message: String) {
        let key = line.prefix { $0 != ":" }
        let others = lines.split(separator: "\n").filter { !$0.hasPrefix(key + ":") }.joined(separator: "\n")
        let text = others + "\n" + (line.hasSuffix("null") ? "" : line)
        #expect { try runs(text) } throws: { "\($0)".contains(message) }
    }
}

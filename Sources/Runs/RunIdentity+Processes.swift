import Compute
import Learning
import Networks

extension RunIdentity {
    /// A process has a member of its own in the place of the architecture, by which its kind is known.
    static func describe(_ process: LearningProcess, _ run: Run, _ precision: Precision, _ json: inout CanonicalJSON) {
        switch process {
        case .ensemble(let ensemble): describe(ensemble, run, &json)
        case .circulation(let circulation): describe(circulation, run, &json)
        case .birthDeath(let process): describe(process, run, &json)
        case .lattice(let lesson): describe(lesson, run, precision, &json)
        }
    }

    /// The bins and what is counted in them belong to it; the loss is that of the network. Ensembles are trained in single precision, whatever
    /// the engine's is.
    private static func describe(_ ensemble: EnsembleTraining, _ run: Run, _ json: inout CanonicalJSON) {
        json.object { json in
            json.object("ensemble") { json in
                if let other = ensemble.alternative {
                    json.object("alternative") { json in
                        json.member("batch", other.batch)
                        json.member("neurons", other.neurons)
                        json.member("renewal", other.renewal)
                        json.member("stepRatio", other.stepRatio)
                    }
                }
                json.member("batch", ensemble.batch)
                describe(ensemble.bins, &json)
                json.member("data", ensemble.network.data)
                json.member("diffusion", ensemble.diffusion)
                json.member("inverseTemperature", ensemble.network.inverseTemperature)
                json.member("networks", ensemble.networks)
                json.member("neurons", ensemble.network.neurons)
                json.member("noise", ensemble.noise)
                json.member("parts", EnsembleTraining.parts)
                json.member("starts", ensemble.starts.flatMap { [$0.mean, $0.deviation] })
                json.member("stiffness", ensemble.network.stiffness)
                json.member("timeStep", ensemble.timeStep)
                json.member("weightDecay", ensemble.network.weightDecay)
            }
            json.member("identityVersion", version)
            json.member("precision", Precision.float32.rawValue)
            describe(run.recording, &json)
            json.object("training") { json in
                json.object("schedule") { json in
                    json.member("rule", ensemble.schedule.rule.name)
                    json.member("values", ensemble.schedule.values.flatMap { $0 })
                }
                json.member("steps", ensemble.steps)
            }
            describe(seed: ensemble.seed, &json)
        }
    }

    /// Sums of angles are whole numbers, made in single precision whatever the engine's is.
    private static func describe(_ circulation: Circulation, _ run: Run, _ json: inout CanonicalJSON) {
        json.object { json in
            json.object("circulation") { json in
                json.member("batch", circulation.batch)
                json.member("data", circulation.numbersOfData)
                json.member("learningRate", circulation.learningRate)
                json.member("mirrored", circulation.isMirrored)
                json.member("networks", circulation.networks)
                json.member("parts", Circulation.parts)
                json.member("steps", circulation.steps)
                json.member("turning", circulation.turning)
                json.member("warmUp", circulation.warmUp)
            }
            json.member("identityVersion", version)
            json.member("precision", Precision.float32.rawValue)
            json.object("recording") { describe(run.recording.trajectory, &$0) }
            describe(seed: circulation.seed, &json)
        }
    }

    /// Networks move in double precision whatever the engine's is.
    private static func describe(_ process: BirthDeath, _ run: Run, _ json: inout CanonicalJSON) {
        json.object { json in
            json.object("birthDeath") { json in
                describe(BirthDeath.bins, &json)
                json.member("data", process.network.data)
                json.member("diffusion", process.diffusion)
                json.member("inverseTemperature", process.network.inverseTemperature)
                json.member("networks", process.networks)
                json.member("neurons", process.network.neurons)
                json.member("parts", BirthDeath.islands)
                json.member("steps", process.steps)
                json.member("stiffness", process.network.stiffness)
                json.member("timeStep", process.timeStep)
                json.member("warmUp", process.warmUp)
                json.member("weightDecay", process.network.weightDecay)
            }
            json.member("identityVersion", version)
            json.member("precision", Precision.float64.rawValue)
            describe(run.recording, &json)
            describe(seed: process.seed, &json)
        }
    }

    /// Weights are learned in the engine's precision.
    private static func describe(_ lesson: LatticeLesson, _ run: Run, _ precision: Precision, _ json: inout CanonicalJSON) {
        json.object { json in
            json.member("identityVersion", version)
            json.object("lattice") { json in
                json.member("decays", lesson.decays)
                json.member("learningRate", lesson.learningRate)
                json.member("noise", lesson.noise)
                json.member("recordings", lesson.recordings)
                json.member("sizes", lesson.teacher.shape.sizes)
                json.member("smoothing", lesson.smoothing)
                json.member("steps", lesson.steps)
                json.member("student", lesson.student.weights.flatMap { $0 })
                json.member("studentMemory", lesson.student.memory)
                json.member("teacher", lesson.teacher.weights.flatMap { $0 })
                json.member("teacherMemory", lesson.teacher.memory)
            }
            json.member("precision", precision.rawValue)
            describe(run.recording, &json)
            describe(seed: lesson.seed, &json)
        }
    }

    private static func describe(_ bins: EnsembleProblem.Bins, _ json: inout CanonicalJSON) {
        json.object("bins") { json in
            json.member("count", bins.count)
            json.member("from", bins.range.lowerBound)
            json.member("to", bins.range.upperBound)
        }
    }

    /// Of what can be counted, or learned.
    private static func describe(_ recording: Recording, _ json: inout CanonicalJSON) {
        json.object("recording") { json in
            json.member("matrices", recording.matrices)
            describe(recording.trajectory, &json)
        }
    }

    private static func describe(seed: UInt64, _ json: inout CanonicalJSON) {
        json.object("weights") { json in
            json.member("seed", seed)
            json.member("stream", WeightStream.version)
        }
    }
}

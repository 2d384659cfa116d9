import Compute
import Duality
import Engines
import Networks

/// What makes a run this run and no other: all of its parameters, the precision it is computed in, and the version of the stream that
/// weights are drawn from. The device is not part of it: see ``Store``.
public enum RunIdentity {
    /// The version of the canonical JSON itself; changes whenever equal runs would get other digests.
    public static let version = 1

    /// The SHA-256 of ``json(_:precision:)``.
    public static func digest(_ run: Run, precision: Precision) -> Digest { Digest(of: document(run, precision).bytes) }

    /// The canonical JSON: members in alphabetical order, no white space, shortest decimals that read back to the same double; lists
    /// of more than 256 numbers by their SHA-256.
    public static func json(_ run: Run, precision: Precision) -> String {
        String(decoding: document(run, precision).bytes, as: UTF8.self)
    }

    package static func document(_ run: Run, _ precision: Precision) -> CanonicalJSON {
        var json = CanonicalJSON()
        if let process = run.process {
            describe(process, run, precision, &json)
            return json
        }
        json.object { json in
            let architecture = run.architecture
            json.member("activation", architecture.activation.name)
            json.member("bias", architecture.hasBias)
            json.member("identityVersion", version)
            json.object("inputs") { json in
                json.member("dimension", run.inputs.dimension)
                json.member("points", run.inputs.points)
                json.member("values", run.inputs.values)
            }
            json.member("kernel", run.tangentKernel?.rawValue ?? "none")
            json.member("outputs", architecture.outputs)
            json.member("parameterisation", architecture.parameterisation.rawValue)
            json.member("precision", precision.rawValue)
            json.object("recording") { json in
                let recording = run.recording
                json.member("kernels", run.kernelSteps)
                json.member("matrices", recording.matrices)
                json.member("modes", recording.modes)
                json.member("predictions", words: recording.predictions.map(\.rawValue))
                json.member("spectra", recording.spectra)
                describe(recording.trajectory, &json)
            }
            json.member("sigmaB", run.sigmaB)
            json.member("sigmaW", run.sigmaW)
            if let training = run.training { json.object("training") { describe(training, &$0) } }
            switch run.source {
            case .seed(let seed):
                json.object("weights") { json in
                    json.member("seed", seed)
                    json.member("stream", WeightStream.version)
                }
            case .weights(let weights):
                json.object("weights") { $0.member("values", weights.values) }
            }
            json.member("widths", architecture.widths)
        }
        return json
    }

    private static func describe(_ training: Run.Training, _ json: inout CanonicalJSON) {
        json.object("loss") { json in
            switch training.loss.anchors {
            case .perOutput(let values):
                json.member("anchors", values)
            case .perPoint(let values):
                json.member("anchors", values)
                json.member("anchorsArePerPoint", true)
            }
            switch training.loss.shape {
            case .evenPower(let degree):
                json.member("degree", degree)
                json.member("form", "power")
            case .doubleWell:
                json.member("form", "doubleWell")
            case .coupled(let coupling):
                json.member("form", "coupled")
                json.member("formula", coupling.text)
            }
            json.member("scale", training.loss.scale)
        }
        json.object("schedule") { json in
            let schedule = training.schedule
            if schedule.rule != .heavyBall { json.member("rule", schedule.rule.name) }
            for list in schedule.identityLists { json.member(list.name, list.values) }
        }
        json.member("steps", training.steps)
    }

    /// The selection and not its steps, of which there may be many.
    static func describe(_ trajectory: StepSelection, _ json: inout CanonicalJSON) {
        switch trajectory {
        case .ends: json.member("trajectory", "ends")
        case .every(let stride): json.member("trajectory", [stride])
        case .at(let steps): json.object("trajectory") { $0.member("at", steps) }
        }
    }
}

extension Schedule {
    /// The lists that say what it is, in the order of their names: heavy ball's have names of their own, of other rules one has parameter
    /// after parameter.
    package var identityLists: [(name: StaticString, values: [Double])] {
        guard rule != .heavyBall else { return [("learningRates", learningRates), ("momenta", momenta)] }
        return [("values", values.flatMap { $0 })]
    }
}

import Arrays
import Duality
import Engines
import Networks

/// What `inflaton ntk` says.
struct TangentKernelSummary: Encodable {
    struct Spectrum: Encodable {
        let largestEigenvalue: Double
        let smallestEigenvalue: Double
        let trace: Double
        let gapRatio: Double?
        let leadingOverlap: Double
        /// λ₁/λ_n; nil where λ_n is below the noise floor.
        let conditionNumber: Double?
        /// λ₁ over the noise floor, which the condition number exceeds where λ_n is below that.
        let leastConditionNumber: Double?
        /// e^S.
        let effectiveRank: Double
        /// (Σλ)²/Σλ².
        let participationRatio: Double
        /// S = −Σ p ln p, p = λ/Σλ.
        let entropy: Double
        let symmetryResidual: Double
        let semidefinitenessResidual: Double
        let noiseFloor: Double
        let eigenvaluesAboveNoise: Int

        /// - Parameter noiseFloor: in units of λ; default that of the spectrum.
        init(_ spectrum: KernelSpectrum, noiseFloor: Double? = nil) {
            let values = spectrum.kernelEigenvalues, floor = noiseFloor ?? spectrum.noiseFloor * Double(spectrum.points)
            largestEigenvalue = values[0]
            smallestEigenvalue = values[values.count - 1]
            trace = spectrum.trace * Double(spectrum.points)
            gapRatio = spectrum.gapRatio
            leadingOverlap = spectrum.leadingOverlap
            conditionNumber = spectrum.conditionNumber(noiseFloor: floor)
            leastConditionNumber = conditionNumber == nil && floor > 0 ? values[0] / floor : nil
            effectiveRank = spectrum.effectiveRank
            participationRatio = spectrum.participationRatio
            entropy = spectrum.entropy
            symmetryResidual = spectrum.symmetryResidual
            semidefinitenessResidual = spectrum.semidefinitenessResidual
            self.noiseFloor = floor
            eigenvaluesAboveNoise = values.count { $0 > floor }
        }

        func add(to listing: inout Listing) {
            listing.add("largest eigenvalue λ₁", largestEigenvalue)
            listing.add("smallest eigenvalue", smallestEigenvalue)
            if let gapRatio { listing.add("λ₂/λ₁", gapRatio) }
            listing.add("overlap |v₁·1|/√N", leadingOverlap)
            listing.add("noise floor", "\(NumberText.rounded(noiseFloor)), \(eigenvaluesAboveNoise) eigenvalues above it")
            listing.add("trace", trace)
            if let conditionNumber {
                listing.add("condition number λ₁/λ_n", conditionNumber)
            } else if let leastConditionNumber {
                listing.add("condition number λ₁/λ_n", "above \(NumberText.rounded(leastConditionNumber)): λ_n is below the noise floor")
            }
            listing.add(
                "effective rank e^S",
                "\(NumberText.rounded(effectiveRank, digits: 6)), entropy S = −Σ p ln p = \(NumberText.rounded(entropy, digits: 6))")
            listing.add("participation ratio", "(Σλ)²/Σλ² = \(NumberText.rounded(participationRatio, digits: 6))")
            listing.add("symmetry residual", symmetryResidual)
            listing.add("semidefiniteness residual", semidefinitenessResidual)
        }
    }

    /// What a command takes of memory and disk, in bytes.
    struct Memory: Encodable {
        let deviceBytes: Int
        let hostBytes: Int
        /// Of a kernel that goes to the file in tiles.
        var fileBytes: Int?
        var freeDiskBytes: Int?
    }

    let points: Int
    /// M, of the points of --with.
    var points2: Int?
    let inputs: Int
    let outputCount: Int
    let widths: [Int]
    let parameters: Int
    let hasBias: Bool
    let activation: String
    let parameterisation: Parameterisation
    let sigmaW: Double
    let sigmaB: Double
    let method: TangentKernelMethod
    var memory: Memory
    var spectrum: Spectrum?
    /// With --top.
    var top: Top?

    init(_ ensemble: Ensemble, _ network: NetworkOptions, method: TangentKernelMethod, memory: Memory) {
        points = ensemble.points
        inputs = ensemble.architecture.inputs
        outputCount = ensemble.architecture.outputs
        widths = ensemble.architecture.widths
        parameters = ensemble.architecture.parameterCount
        hasBias = ensemble.architecture.hasBias
        self.method = method
        self.memory = memory
        activation = network.activation.name
        parameterisation = network.parameterisation
        sigmaW = network.sigmaW
        sigmaB = network.sigmaB
    }

    func listing(engine: EngineDescription, output: String, dryRun: Bool) -> String {
        var listing = Listing()
        listing.add("engine", engine.description)
        listing.add("network", "\(([inputs] + widths + [outputCount]).map { "\($0)" }.joined(separator: " → ")), \(parameters) parameters")
        let scales = hasBias ? "σ_w = \(sigmaW), σ_b = \(sigmaB)" : "σ_w = \(sigmaW), no biases"
        listing.add("activation", activation)
        listing.add("parameterisation", parameterisation == .ntk ? "ntk: \(scales)" : "standard")
        listing.add("points", points2.map { "\(points) and \($0)" } ?? "\(points)")
        listing.add("memory", "\(NumberText.bytes(memory.deviceBytes)) device, \(NumberText.bytes(memory.hostBytes)) host")
        if let bytes = memory.fileBytes, let free = memory.freeDiskBytes {
            listing.add("disk", "\(NumberText.bytes(bytes)) of \(NumberText.bytes(free)) free")
        }
        spectrum?.add(to: &listing)
        top?.add(to: &listing)
        listing.add(outputs: [output], isWritten: !dryRun)
        return listing.text
    }
}

extension TangentKernelSummary {
    /// What a file has of a spectrum.
    /// - Parameter noiseFloor: in units of λ; default that of the spectrum.
    static func arrays(
        of spectrum: KernelSpectrum, noiseFloor: Double? = nil
    ) -> [(name: String, array: NumericArray, type: ElementType)] {
        let floor = noiseFloor ?? spectrum.noiseFloor * Double(spectrum.points)
        return [("eigenvalues", NumericArray(spectrum.kernelEigenvalues), .float64)]
            + [
                ("conditionNumber", spectrum.conditionNumber(noiseFloor: floor) ?? .infinity), ("effectiveRank", spectrum.effectiveRank),
                ("participationRatio", spectrum.participationRatio), ("entropy", spectrum.entropy),
            ].map { ($0.0, NumericArray(scalar: $0.1), .float64) }
    }
}

import Foundation

/// Tests/Fixtures/dictionary.json.
struct GoldenDictionary: Decodable {
    struct Row: Decodable, Sendable {
        struct Paper: Decodable {
            let threeH, H, V0: Double
        }
        struct Mass: Decodable {
            let threeH: Double
            let force_factor: Double
            let v0_over_minus_g0: Double
        }
        struct Roots: Decodable {
            let lam: Double
            let z: [[Double]]
            let regime: String
            let stable: Bool
            let exact_threeH: Double?
            let exact_Omega2: Double?
            let f_recursion: [Double]
        }
        let eta, gamma, M, h: Double
        let paper: Paper
        let mass: Mass
        let roots: [Roots]
    }
    struct LargestLearningRate: Decodable {
        let M, gamma, kappa, Theta0, l0, eta_max: Double
    }
    let rows: [Row]
    let eta_max: [LargestLearningRate]

    static func load() throws -> GoldenDictionary {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/dictionary.json").standardized
        return try JSONDecoder().decode(GoldenDictionary.self, from: Data(contentsOf: file))
    }
}

/// The largest difference of two lists.
func distance(_ left: [Double], _ right: [Double]) -> Double {
    guard left.count == right.count else { return .infinity }
    return zip(left, right).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// |a − b| relative to |b|, absolute below 1.
func close(_ a: Double?, _ b: Double, _ tolerance: Double) -> Bool {
    guard let a else { return false }
    return abs(a - b) <= tolerance * max(1, abs(b))
}

/// The text of a tuning table. Members that are not named here are ignored, so that a file may carry remarks.
struct StoredTuning: Codable {
    /// Changes when the meaning of a parameter does.
    static let format = 1

    let format: Int
    let identity: TuningStore.Identity
    let kernels: [String: Row]

    init(_ identity: TuningStore.Identity, _ entries: [TunableKernel: TuningStore.Entry]) {
        format = Self.format
        self.identity = identity
        kernels = Dictionary(uniqueKeysWithValues: entries.map { ($0.key.name, Row($0.value)) })
    }

    struct Row: Codable {
        let parameters: [String: Value]?
        let sources: String?
        let ratio: Double?
        let version: String?
        let date: String?

        init(_ entry: TuningStore.Entry) {
            parameters = entry.parameters.mapValues(Value.integer)
            sources = entry.sources
            ratio = entry.ratio
            version = entry.version
            date = entry.date
        }

        /// The row of a kernel, of what it reads.
        /// - Throws: `TuningError` for a value that is no whole number.
        func entry(_ kernel: TunableKernel) throws(TuningError) -> TuningStore.Entry {
            var found: [String: Int] = [:]
            for parameter in kernel.parameters {
                switch parameters?[parameter.name] {
                case nil: continue
                case .integer(let value): found[parameter.name] = value
                case .other(let text): throw TuningError(kernel, parameter.name, text, limit: parameter.limit)
                }
            }
            var entry = TuningStore.Entry(kernel, parameters: found, ratio: ratio ?? .nan, version: version)
            entry.ratio = ratio
            entry.date = date
            return entry
        }
    }

    /// What stands for a parameter in a file that somebody may have edited.
    enum Value: Codable {
        case integer(Int)
        case other(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let integer = try? container.decode(Int.self) {
                self = .integer(integer)
            } else if let number = try? container.decode(Double.self) {
                self = .other("\(number)")
            } else if let text = try? container.decode(String.self) {
                self = .other("'\(text)'")
            } else {
                self = .other("no number")
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .integer(let value): try container.encode(value)
            case .other(let text): try container.encode(text)
            }
        }
    }
}

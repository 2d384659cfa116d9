import Duality

extension Quantity {
    /// The name of a quantity where a former name is given, such as `paper.endError` for `paperEndError`, which tables of figures had; any
    /// other text as it is.
    package static func canonical(_ name: String) -> String { formerNames[name] ?? name }

    private static let formerNames: [String: String] = {
        var names: [String: String] = [:]
        for prediction in Prediction.allCases {
            for part in ["endError", "greatestError", "errorOverTravel", "greatestErrorOverTravel"] {
                names[prediction.rawValue + part.prefix(1).uppercased() + part.dropFirst()] = "\(prediction.rawValue).\(part)"
            }
        }
        return names
    }()
}

import Foundation

/// Bin edges from 10^from to 10^to.
func logarithmicEdges(from: Int, to: Int, perDecade: Int) -> [Double] {
    (0...(to - from) * perDecade).map { pow(10, Double(from) + Double($0) / Double(perDecade)) }
}

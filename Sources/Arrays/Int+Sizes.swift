extension Int {
    /// The product of sizes, or the largest integer where it is larger: sizes that overflow must be refused, not computed.
    public func times(_ factors: Int...) -> Int {
        factors.reduce(self) { product, factor in
            let (result, overflow) = product.multipliedReportingOverflow(by: factor)
            return overflow ? .max : result
        }
    }

    /// The sum of sizes, or the largest integer where it is larger.
    public func plus(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

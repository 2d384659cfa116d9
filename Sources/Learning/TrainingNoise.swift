import Networks

/// The twin of `noise.clh`: the random numbers of networks that learn, in single precision with the same operations.
enum TrainingNoise {
    /// What numbers are for; part of the counter.
    enum Stream: UInt32 {
        case training = 2
        case start = 3
        case langevin = 4
        case process = 5
        case setting = 6
    }

    typealias Block = (x: UInt32, y: UInt32, z: UInt32, w: UInt32)

    @inline(__always)
    static func block(seed: UInt64, network: UInt32, step: UInt32, block: UInt32, _ stream: Stream) -> Block {
        Philox.block(
            key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)),
            counter: (network, step, block, stream.rawValue))
    }

    /// ln u.
    @inline(__always)
    static func logarithm(_ u: Float) -> Float {
        let bits = Int32(bitPattern: u.bitPattern), e = (bits &- 0x3F2A_AAAB) >> 23
        let f = Float(bitPattern: UInt32(bitPattern: bits &- (e << 23))) - 1, n = Float(e)
        var p = (0.13433774 as Float).addingProduct(-0.12429866, f)
        p = (-0.12287237 as Float).addingProduct(p, f)
        p = (0.14116979 as Float).addingProduct(p, f)
        p = (-0.16673398 as Float).addingProduct(p, f)
        p = (0.20003836 as Float).addingProduct(p, f)
        p = (-0.24999943 as Float).addingProduct(p, f)
        p = (0.3333332 as Float).addingProduct(p, f)
        let s = f * f
        p = (-0.5 * s as Float).addingProduct(p * f, s)
        return (f + p).addingProduct(n, 0.69314718)
    }

    /// Two standard normal numbers.
    @inline(__always)
    static func normals(_ x: UInt32, _ y: UInt32) -> (Float, Float) {
        let u = Float((x >> 8) &+ 1) * 0x1p-24
        let r = (-2 * logarithm(u)).squareRoot()
        let v = (Float((y << 2) >> 8) * 0x1p-24 - 0.5) * 1.5707964, s = v * v
        var sine = (-1.9841270e-4 as Float).addingProduct(2.7557319e-6, s)
        sine = (8.3333333e-3 as Float).addingProduct(sine, s)
        sine = (-0.16666667 as Float).addingProduct(sine, s)
        sine = v.addingProduct(sine * s, v) * r
        var cosine = (-1.3888889e-3 as Float).addingProduct(2.4801587e-5, s)
        cosine = (4.1666667e-2 as Float).addingProduct(cosine, s)
        cosine = (-0.5 as Float).addingProduct(cosine, s)
        cosine = (1 as Float).addingProduct(cosine, s) * r
        let odd = 0 &- ((y >> 30) & 1)
        let a = (cosine.bitPattern & ~odd) | (sine.bitPattern & odd), b = (sine.bitPattern & ~odd) | (cosine.bitPattern & odd)
        return (
            Float(bitPattern: a ^ (((y >> 31) ^ ((y >> 30) & 1)) << 31)), Float(bitPattern: b ^ ((y >> 31) << 31))
        )
    }

    /// The element of a set that a random word chooses.
    @inline(__always)
    static func place(_ word: UInt32, of count: Int) -> Int { Int(word.multipliedFullWidth(by: UInt32(truncatingIfNeeded: count)).high) }

    /// e^x for x ≤ 0: the twin of EXP_NEGATIVE in `functions.clh`. NaN, of which no integer can be made, is taken for the least.
    @inline(__always)
    static func exponential(_ given: Float) -> Float {
        let x = given >= -88 ? given : -88
        let n = (x * 1.44269504).rounded(.toNearestOrEven)
        let r = x.addingProduct(n, -0.693145752).addingProduct(n, -1.42860677e-6)
        var p = (8.36871785e-3 as Float).addingProduct(1.38145999e-3, r)
        p = (4.16683881e-2 as Float).addingProduct(p, r)
        p = (0.166665206 as Float).addingProduct(p, r)
        p = (0.499999934 as Float).addingProduct(p, r)
        p = r.addingProduct(p * r, r)
        let power = Float(bitPattern: UInt32(bitPattern: (Int32(n) &+ 127) << 23))
        return power.addingProduct(p, power)
    }

    /// tanh, by that.
    @inline(__always)
    static func tangent(_ z: Float) -> Float {
        let e = exponential(-2 * abs(z))
        return Float(signOf: z, magnitudeOf: (1 - e) / (1 + e))
    }
}

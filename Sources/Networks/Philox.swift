/// The counter-based generator Philox 4×32-10 (Salmon, Moraes, Dror and Shaw, SC 2011): a keyed bijection of 128-bit counters.
public enum Philox {
    /// Four 32-bit words for one counter.
    public static func block(key: (UInt32, UInt32), counter: (UInt32, UInt32, UInt32, UInt32)) -> (UInt32, UInt32, UInt32, UInt32) {
        var key = key
        var c = counter
        for round in 0..<10 {
            if round > 0 {
                key.0 &+= 0x9E37_79B9
                key.1 &+= 0xBB67_AE85
            }
            let first = c.0.multipliedFullWidth(by: 0xD251_1F53)
            let second = c.2.multipliedFullWidth(by: 0xCD9E_8D57)
            c = (second.high ^ c.1 ^ key.0, second.low, first.high ^ c.3 ^ key.1, first.low)
        }
        return c
    }
}

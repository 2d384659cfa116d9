import Arrays
import Testing

/// Numbers in sentences.
@Suite struct CountingTests {
    @Test func oneOfThemIsNotSeveral() {
        #expect(1.number(of: "run") == "1 run" && 0.number(of: "run") == "0 runs" && 12.number(of: "run") == "12 runs")
        #expect(
            1.number(of: "count of it", "counts of it") == "1 count of it"
                && 2.number(of: "count of it", "counts of it") == "2 counts of it")
    }

    @Test func bytesAreReadAndCounted() {
        #expect(1.bytesText == "1 byte" && 1023.bytesText == "1023 bytes" && 1024.bytesText == "1 KiB = 1024 bytes")
        #expect(2_400_000_000_576.bytesText == "2.18 TiB = 2400000000576 bytes")
        #expect((1_048_575).bytesText == "1024 KiB = 1048575 bytes" && Int.max.bytesText == "8 EiB = 9223372036854775807 bytes")
    }

    @Test func numbersSayNoMoreThanDecides() {
        #expect(42.06988758068489.text() == "42.07" && 3.0.text() == "3" && 0.0.text() == "0" && (-1e-7).text(digits: 2) == "-1e-07")
        #expect(0.5.plainText == "0.5" && 1.0.plainText == "1" && (-0.1).plainText == "-0.1")
    }
}

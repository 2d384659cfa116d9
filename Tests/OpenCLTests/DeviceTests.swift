import OpenCL
import Testing

@Suite struct DeviceTests {
    @Test func devicesAreOrderedAndDescribed() throws {
        let devices = Device.all
        #expect(!devices.isEmpty, "no OpenCL device: install pocl-opencl-icd")
        #expect(devices.map(\.id) == Array(devices.indices))
        let ranks = devices.map { Device.Kind.allCases.firstIndex(of: $0.kind) ?? -1 }
        #expect(ranks == ranks.sorted())
        for device in devices {
            #expect(!device.name.isEmpty && !device.platform.isEmpty && !device.driverVersion.isEmpty)
            #expect(device.deviceVersion.hasPrefix("OpenCL "))
            #expect(device.computeUnits >= 1 && device.maximumWorkGroupSize >= 1 && [4, 8, 16, 32, 64].contains(device.registerBytes))
            // The least that OpenCL 1.2 lets a full-profile device have (table 4.3): 32 KiB local, a quarter of memory in one piece.
            #expect(device.localMemoryBytes >= 32 << 10)
            #expect(device.maximumAllocationBytes > 0 && device.maximumAllocationBytes <= device.globalMemoryBytes)
        }
    }

    @Test func requestsFindTheirDevice() throws {
        let best = try anyDevice()
        let last = try #require(Device.all.last)
        #expect(try Device.select(nil, environment: [:]) == best)
        #expect(try Device.select("", environment: ["INFLATON_DEVICE": ""]) == best)
        #expect(try Device.select("OpenCL", environment: [:]) == best)
        #expect(try Device.select("\(last.id)", environment: [:]) == last)
        #expect(try Device.select(best.kind.rawValue, environment: [:]) == best)
        #expect(try Device.select(best.name.uppercased(), environment: [:]) == best)
        #expect(try Device.select(String(best.platform.lowercased().dropFirst()), environment: [:]) == best)
        #expect(try Device.select(nil, environment: ["INFLATON_DEVICE": "\(last.id)"]) == last)
        for device in Device.all {
            let first = Device.all.first { $0.platform == device.platform }
            for word in device.platform.split(separator: " ") where word.allSatisfy(\.isLetter) {
                #expect(try Device.select(word.uppercased(), environment: [:])?.platform == first?.platform)
            }
        }
        // An option beats the variable.
        #expect(try Device.select("opencl", environment: ["INFLATON_DEVICE": "no such thing"]) == best)
    }

    /// PoCL calls itself so only as the maker of its platform.
    @Test(.enabled(if: Device.all.contains { $0.platform == "Portable Computing Language" })) func driversAnswerToTheirMakersWord() throws {
        for word in ["pocl", "PoCL", "portable"] {
            #expect(try Device.select(word, environment: [:])?.platform == "Portable Computing Language")
        }
    }

    @Test(arguments: ["99", "-1", "abacus"]) func requestsThatCannotBeMetListWhatThereIs(request: String) {
        let expected = OpenCLError.noSuchDevice(asked: request, available: Device.all.map(\.description))
        #expect(throws: expected) { try Device.select(request, environment: [:]) }
        #expect(throws: expected) { try Device.select(nil, environment: ["INFLATON_DEVICE": request]) }
        for device in Device.all { #expect(expected.description.contains(device.name)) }
        #expect(expected.description.contains(request))
    }

    @Test func withoutDriversOnlyAnExplicitRequestFails() throws {
        #expect(try Device.select(nil, environment: [:], among: []) == nil)
        for request in ["opencl", "0", "gpu", "nvidia"] {
            let error = #expect(throws: OpenCLError.noSuchDevice(asked: request, available: [])) {
                try Device.select(request, environment: [:], among: [])
            }
            #expect(error?.description.contains("'\(request)': there is none at all, because \(InstalledDrivers.absence())") == true)
        }
    }
}

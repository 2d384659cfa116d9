import Arrays

/// A lesson as a process: what is kept of it is how far the student is off the teacher, at both ends, and the weights that it learned.
extension LatticeLesson {
    /// 0 and K.
    var recordedSteps: [Int] { steps > 0 ? [0, steps] : [0] }

    /// Numbers of a network's weights.
    var weightNumbers: Int { teacher.shape.weightCount.times(teacher.shape.sites) }

    /// What becomes of it.
    /// - Throws: errors of the device; what `device.proceed` throws.
    func computed(on device: LearningDevice) throws -> ProcessRecord {
        try device.proceed("  \(teacher.shape.sites) neurons learn \(steps) steps")
        return record(of: try device.lattice(device.precision).train([self])[0])
    }

    /// What is kept of the student after the lesson.
    func record(of network: LatticeNetwork) -> ProcessRecord {
        let first = student.distance(to: teacher), last = network.distance(to: teacher)
        let isFinite = last.isFinite
        return ProcessRecord(
            outputs: steps > 0 ? [first, isFinite ? last : .nan] : [first], counts: network.weights.flatMap { $0 },
            lastFinite: isFinite ? steps : 0)
    }

    /// The student after the lesson; nil where its weights were not kept.
    func network(_ record: ProcessRecord) -> LatticeNetwork? {
        let sites = teacher.shape.sites
        guard record.counts.count == weightNumbers else { return nil }
        return LatticeNetwork(
            shape: teacher.shape,
            weights: (0..<teacher.shape.weightCount).map { Array(record.counts[$0 * sites..<($0 + 1) * sites]) }, memory: student.memory)
    }

    /// A and M of the teacher, the means over sites.
    package var meanCoefficients: (coupling: Double, massSquared: Double) {
        let sites = Double(teacher.shape.sites)
        return (teacher.coupling(axis: 0).reduce(0, +) / sites, teacher.massSquared.reduce(0, +) / sites)
    }
}

extension LearningDevice {
    /// Networks after lessons of one shape and length: from a store where the device has one, the others trained now, together.
    /// - Throws: errors of the device or the store.
    func networks(after lessons: [LatticeLesson]) throws -> [LatticeNetwork] {
        var networks = try lessons.map { lesson in try processes?(.lattice(lesson)).flatMap { lesson.network($0) } }
        let missing = networks.indices.filter { networks[$0] == nil }
        for (place, network) in zip(missing, try lattice(precision).train(missing.map { lessons[$0] })) { networks[place] = network }
        return networks.compactMap { $0 }
    }
}

import Networks

/// The losses and schedules of an ensemble that is trained, checked and unpacked.
struct TrainingData {
    /// The shape that all members share.
    let shape: LossShape
    /// s, per member.
    let scales: [Double]
    /// The anchors, (E, N, C).
    let anchors: [Double]
    /// How weights are moved: what the schedules need.
    let rule: UpdateRule
    /// The schedules, per member.
    let schedules: [Schedule]
    /// 1 if all schedules are constant, else K + 1: the control of the last step is only recorded, by the parameters before it.
    let scheduleRows: Int
}

extension Job {
    /// Checks the job against the ensemble before any work.
    /// - Throws: `EngineError.invalidJob`, `NetworkError` for anchors of a wrong shape.
    func validated(for ensemble: Ensemble) throws -> TrainingData? {
        for rectangle in kernelRectangles {
            guard training == nil, tangentKernel != nil else {
                throw EngineError.invalidJob("parts of a tangent kernel go with a method for it, and not with a training")
            }
            guard !rectangle.rows.isEmpty, !rectangle.columns.isEmpty, rectangle.rows.lowerBound >= 0, rectangle.columns.lowerBound >= 0,
                max(rectangle.rows.upperBound, rectangle.columns.upperBound) <= ensemble.points
            else {
                throw EngineError.invalidJob(
                    "the part \(rectangle.rows) × \(rectangle.columns) of a tangent kernel is empty or reaches beyond its "
                        + "\(ensemble.points) points")
            }
        }
        guard let training else { return nil }
        guard training.steps >= 0 else { throw EngineError.invalidJob("the number of steps is \(training.steps), but must be 0 or more") }
        for (name, steps) in [("recorded", training.recordedSteps), ("kernel", training.kernelSteps)] {
            guard steps.allSatisfy({ $0 >= 0 && $0 <= training.steps }), zip(steps, steps.dropFirst()).allSatisfy({ $0 < $1 }) else {
                throw EngineError.invalidJob("the \(name) steps must ascend from 0 to \(training.steps)")
            }
        }
        if !training.kernelSteps.isEmpty, tangentKernel == nil {
            throw EngineError.invalidJob("tangent kernels were asked for at some steps, but no method for them was given")
        }
        var losses: [Loss] = []
        var schedules: [Schedule] = []
        for (index, member) in ensemble.members.enumerated() {
            guard let loss = member.loss, let schedule = member.schedule else {
                throw EngineError.invalidJob("member \(index) has no loss or no learning rate, but is to be trained")
            }
            guard schedule.isConstant || schedule.values[0].count >= training.steps else {
                throw EngineError.invalidJob(
                    "the schedule of member \(index) has \(schedule.values[0].count) steps, but \(training.steps) are to be trained")
            }
            losses.append(loss)
            schedules.append(schedule)
        }
        guard let shape = losses.first?.shape, losses.allSatisfy({ $0.shape == shape }) else {
            throw EngineError.invalidJob("the members of an ensemble must share the form of their loss; split it by form")
        }
        guard let rule = schedules.first?.rule, schedules.allSatisfy({ $0.rule == rule }) else {
            throw EngineError.invalidJob("the members of an ensemble must share the rule by which they are trained; split it by rule")
        }
        return TrainingData(
            shape: shape, scales: losses.map(\.scale),
            anchors: try losses.flatMap { try $0.anchors(points: ensemble.points, outputs: ensemble.architecture.outputs) },
            rule: rule.needed(for: schedules), schedules: schedules,
            scheduleRows: schedules.allSatisfy(\.isConstant) ? 1 : training.steps + 1)
    }
}

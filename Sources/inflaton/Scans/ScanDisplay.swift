import Foundation
import Runs
import Synchronization

/// How far a scan is: one line on a terminal, a line every ten seconds elsewhere, an object a line with `--json`.
final class ScanDisplay: Sendable {
    private struct State {
        var lastShown: ContinuousClock.Instant?
        var isDrawn = false
        /// Seconds and network-steps when the last lines were shown: the rate is that of the last minute or so, not of all time.
        var marks: [(seconds: Double, steps: Int, runs: Int)] = [(0, 0, 0)]
    }

    /// What a line says.
    struct Line: Encodable {
        let event = "progress"
        let done: Int
        let total: Int
        let undecided: Int
        let diverged: Int
        let refused: Int
        let runsPerSecond: Double
        let networkStepsPerSecond: Double
        let secondsLeft: Double?
        let device: String
    }

    private let device: String
    private let json: Bool
    private let quiet: Bool
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(device: String, json: Bool, quiet: Bool) {
        self.device = device
        self.json = json
        self.quiet = quiet
    }

    /// Shows where the scan is, if it is time to.
    /// - Returns: networks·steps a second, over the last minute or so.
    func update(_ progress: Scheduler.Progress) throws -> Double {
        let interval: Duration = json ? .seconds(1) : isTerminal ? .milliseconds(100) : .seconds(10)
        return try state.withLock { state in
            let now = ContinuousClock.now
            let line = line(progress, seconds: (now - start) / .seconds(1), &state)
            if let last = state.lastShown, now - last < interval { return line.networkStepsPerSecond }
            state.lastShown = now
            if json {
                try Console.writeLine(line)
            } else if !quiet {
                state.isDrawn = isTerminal
                if isTerminal { Console.redraw(Self.text(line)) } else { Console.writeToStandardError("inflaton: \(Self.text(line))\n") }
            }
            return line.networkStepsPerSecond
        }
    }

    /// Removes the line; call it before anything else is printed.
    func finish() {
        state.withLock { state in
            if state.isDrawn { Console.redraw("") }
            state.isDrawn = false
        }
    }

    private func line(_ progress: Scheduler.Progress, seconds: Double, _ state: inout State) -> Line {
        state.marks.append((seconds, progress.networkSteps, progress.computed))
        while state.marks.count > 2, seconds - state.marks[0].seconds > 60 { state.marks.removeFirst() }
        let first = state.marks[0], elapsed = max(seconds - first.seconds, 1e-9)
        let rate = Double(progress.computed - first.runs) / elapsed
        return Line(
            done: progress.done, total: progress.total, undecided: progress.undecided, diverged: progress.diverged,
            refused: progress.refusals.count, runsPerSecond: rate,
            networkStepsPerSecond: Double(progress.networkSteps - first.steps) / elapsed,
            secondsLeft: rate > 0 ? Double(progress.total - progress.done) / rate : nil, device: device)
    }

    private static func text(_ line: Line) -> String {
        var parts = ["\(line.done)/\(line.total) runs"]
        if line.undecided > 0 { parts.append("\(line.undecided) to be decided") }
        if line.networkStepsPerSecond > 0 { parts.append("\(NumberText.rounded(line.networkStepsPerSecond)) networks·steps/s") }
        if let left = line.secondsLeft { parts.append("\(NumberText.duration(left)) left") }
        if line.diverged > 0 { parts.append("\(line.diverged) diverged") }
        if line.refused > 0 { parts.append("\(line.refused) refused") }
        parts.append(line.device)
        return parts.joined(separator: "  ")
    }
}

import Foundation
import Synchronization

/// How far long work is, on standard error: one line that is redrawn on a terminal, plain lines every ten seconds elsewhere.
final class ProgressDisplay: Sendable {
    private struct State {
        var total: Int
        var lastShown: ContinuousClock.Instant
        var drawn = false
    }

    private let label: String
    private let unit: String
    private let silent: Bool
    private let isTerminal: Bool
    private let start: ContinuousClock.Instant
    private let state: Mutex<State>

    init(label: String, total: Int, unit: String, silent: Bool) {
        self.label = label
        self.unit = unit
        self.silent = silent
        isTerminal = isatty(STDERR_FILENO) == 1
        start = .now
        state = Mutex(State(total: total, lastShown: .now))
    }

    /// Reports that `done` of the total are done; costs nothing to call often, from any thread.
    /// - Parameter total: a new total, where the work turned out to be another.
    func update(_ done: Int, of total: Int? = nil) {
        guard !silent else { return }
        let interval = isTerminal ? Duration.milliseconds(100) : .seconds(10)
        state.withLock { state in
            state.total = total ?? state.total
            let now = ContinuousClock.now
            guard now - state.lastShown >= interval else { return }
            state.lastShown = now
            state.drawn = isTerminal
            let text = line(done, of: state.total, elapsed: (now - start) / .seconds(1))
            if isTerminal { Console.redraw(text) } else { Console.writeToStandardError("inflaton: \(text)\n") }
        }
    }

    /// Removes the line; call it before anything else is printed.
    func finish() {
        state.withLock { state in
            if state.drawn { Console.redraw("") }
            state.drawn = false
        }
    }

    private func line(_ done: Int, of total: Int, elapsed: Double) -> String {
        let fraction = total > 0 ? max(0, min(1, Double(done) / Double(total))) : 0
        let rate = elapsed > 0 ? Double(done) / elapsed : 0
        var parts = [label]
        if isTerminal {
            let filled = Int(fraction * 24)
            // bounded: filled is from 0 to 24
            parts.append("[" + String(repeating: "=", count: filled) + String(repeating: " ", count: 24 - filled) + "]")
        }
        parts.append("\(done)/\(total) \(unit)")
        parts.append("\(Int(fraction * 100)) %")
        if rate > 0, rate.isFinite {
            parts.append("\(NumberText.rounded(rate))/s")
            parts.append("\(NumberText.duration(Double(max(0, total - done)) / rate)) left")
        }
        return parts.joined(separator: "  ")
    }
}

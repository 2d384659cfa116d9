import Foundation
import Testing

/// Chromium without a window: what a page is once a real browser has laid it out.
struct HTMLBrowser {
    /// What a page was found to be.
    struct Findings: Decodable {
        struct Drawing: Decodable {
            var width: Double
            var height: Double
            /// Distance of its right edge from the window's.
            var room: Double
            /// Size in pixels of its smallest text, subscripts and exponents aside.
            var text: Double
            /// What the marks say when hovered over.
            var titles: [String]
        }

        /// Width of the window.
        var width: Double
        /// How far the page is wider than the window.
        var overflow: Double
        /// Those that are shown.
        var drawings: [String: Drawing]
        /// Numbers behind the cells of each claim: measured, standard error, control.
        var claims: [[String?]]
        var verdicts: [String]
        /// Decoded contents of the tables in the page.
        var tables: [String: String]
        /// Heights of the equations.
        var equations: [Double]
        /// What was fetched beside the page.
        var fetched: [String]
        /// Least contrast of a text with its background (WCAG 2.2, success criterion 1.4.3).
        var contrast: Double
        var background: String
    }

    let program: URL

    /// INFLATON_BROWSER, or Chromium or Chrome in the path; nil where there is none.
    static let installed: HTMLBrowser? = {
        let environment = ProcessInfo.processInfo.environment
        let folders = (environment["PATH"] ?? "").split(separator: ":").map { URL(filePath: String($0)) }
        let candidates =
            [environment["INFLATON_BROWSER"]].compactMap { $0 }.map { URL(filePath: $0) }
            + ["chromium", "chromium-browser", "google-chrome"].flatMap { name in folders.map { $0.appending(path: name) } }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }.map { HTMLBrowser(program: $0) }
    }()

    /// In continuous integration a missing browser is a failure, elsewhere a reason to skip.
    static let isExpected = installed != nil || ProcessInfo.processInfo.environment["CI"] == "true"

    /// Loads a page of `folder` and gives the document after loading and what the console said.
    func load(_ name: String, in folder: URL, dark: Bool = false) throws -> (document: String, console: [String]) {
        let outputs = ["output", "errors"].map { folder.appending(path: "\(UUID().uuidString).\($0)") }
        for output in outputs { try Data().write(to: output) }
        let process = Process()
        process.executableURL = program
        process.arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--window-size=1300,1000",
            "--user-data-dir=\(folder.appending(path: UUID().uuidString).path)", "--enable-logging=stderr", "--v=0",
            "--blink-settings=preferredColorScheme=\(dark ? 0 : 1)", "--virtual-time-budget=20000", "--dump-dom",
            folder.appending(path: name).absoluteString,
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: outputs[0])
        process.standardError = try FileHandle(forWritingTo: outputs[1])
        try process.run()
        let watchdog = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: watchdog)
        process.waitUntilExit()
        watchdog.cancel()
        #expect(process.terminationStatus == 0)
        let console = try String(contentsOf: outputs[1], encoding: .utf8).split(separator: "\n").map(String.init)
        return (try String(contentsOf: outputs[0], encoding: .utf8), console.filter { $0.contains(":CONSOLE") })
    }

    /// Lays a page out in a window of that width and measures it.
    ///
    /// The page stands in a frame, because the browser's own window has a least width. The copy that is measured may run a script;
    /// the page itself forbids all.
    func measure(_ name: String, in folder: URL, width: Int, dark: Bool = false) throws -> Findings {
        let page = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        let policy = "default-src 'none'; "
        #expect(page.contains(policy))
        let probed = page.replacing(policy, with: policy + "script-src 'unsafe-inline'; ")
            .replacing("</body>", with: "<script>\(Self.probe)</script></body>")
        try Data(probed.utf8).write(to: folder.appending(path: "probed.html"))
        let frame = """
            <!DOCTYPE html><html><head><meta name="color-scheme" content="light dark"><script>
            addEventListener('message', event => { document.body.textContent = 'found:' + event.data + ':found' });
            </script></head><body><iframe src="probed.html" style="border:0" width="\(width)" height="900"></iframe></body></html>
            """
        try Data(frame.utf8).write(to: folder.appending(path: "frame.html"))
        let (document, console) = try load("frame.html", in: folder, dark: dark)
        #expect(console.isEmpty)
        // Once in the frame's script, once where that wrote.
        let parts = document.components(separatedBy: "found:")
        let encoded = try #require(parts.count == 3 ? parts[2].split(separator: ":").first : nil, "\(document.prefix(500))")
        return try JSONDecoder().decode(Findings.self, from: #require(Data(base64Encoded: String(encoded))))
    }

    private static let probe = #"""
        addEventListener('load', () => {
            const all = (query, from = document) => [...from.querySelectorAll(query)];
            const channels = text => { const n = text.match(/[\d.]+/g).map(Number); return n.length > 3 && n[3] == 0 ? null : n };
            const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            const behind = e => e ? channels(getComputedStyle(e).backgroundColor) || behind(e.parentElement) : [255, 255, 255];
            const contrast = e => {
                const [a, b] = [light(channels(getComputedStyle(e).color)), light(behind(e))];
                return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            };
            const number = cell => cell && cell.querySelector('data') ? cell.querySelector('data').value : null;
            const found = {
                width: innerWidth,
                overflow: document.documentElement.scrollWidth - innerWidth,
                drawings: Object.fromEntries(all('figure svg').filter(s => s.getBoundingClientRect().width).map(s => {
                    const box = s.getBoundingClientRect(), scale = box.width / s.viewBox.baseVal.width;
                    const text = scale * Math.min(...all('text', s).map(t => t.getAttribute('font-size')));
                    return [s.id, { width: box.width, height: box.height, room: innerWidth - box.right, text, titles: all('circle title', s).map(t => t.textContent) }];
                })),
                claims: all('tr.claim').map(r =>
                    ['Measured', 'Standard error', 'Control'].map(n => number(r.querySelector(`td[data-name="${n}"]`)))),
                verdicts: all('tr.claim .badge').map(b => b.textContent),
                tables: Object.fromEntries(all('a[download]').map(a =>
                    [a.download, decodeURIComponent(a.href.slice(a.href.indexOf(',') + 1))])),
                equations: all('math').map(m => m.getBoundingClientRect().height),
                fetched: performance.getEntriesByType('resource').map(r => r.name),
                contrast: Math.min(...all('h1, h2, h3, h4, p, a, th, td, dt, dd, li, summary, pre, .badge, .number, .tally').map(contrast)),
                background: getComputedStyle(document.body).backgroundColor,
            };
            const bytes = new TextEncoder().encode(JSON.stringify(found));
            let binary = '';
            for (const byte of bytes) binary += String.fromCharCode(byte);
            parent.postMessage(btoa(binary), '*');
        });
        """#
}

import Arrays

/// What a report is about, where it is not about the paper's figures.
public struct ReportSubject: Sendable, Equatable {
    /// A small table at the beginning of the report.
    public struct Table: Sendable, Equatable {
        /// What it shows, in a few words.
        public var title: String
        /// The columns' names.
        public var header: [String]
        /// The rows, each with one text a column.
        public var rows: [[String]]

        public init(title: String, header: [String], rows: [[String]]) {
            self.title = title
            self.header = header
            self.rows = rows
        }
    }

    public var title: String
    /// What was done, in paragraphs that blank lines separate. Plain text, unlike that of figures.
    public var text: String
    /// Tables below the text.
    public var tables: [Table]
    /// The numbers behind all figures, written beside the report as `table.csv`; nil for none.
    public var data: CSVTable?
    /// Lines that the work printed, such as the ratio of fast to slow dynamics. Default: none.
    public var notes: [String]
    /// Nil takes it from the figures.
    public var theory: Theory?

    /// Makes a subject; see the properties for what each value means.
    public init(
        title: String, text: String, tables: [Table] = [], data: CSVTable? = nil, notes: [String] = [], theory: Theory? = nil
    ) {
        self.title = title
        self.text = text
        self.tables = tables
        self.data = data
        self.notes = notes
        self.theory = theory
    }
}

extension ReportSubject.Table {
    /// The text of a scan file, a key a row; lines that do not begin with a key belong to the key above.
    public init(scanFile text: String) {
        self.init(title: "Scan file", header: ["key", "value"], rows: [])
        for line in text.split(separator: "\n") where !line.hasPrefix("#") && line != "---" {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, !line.hasPrefix(" "), !line.hasPrefix("-") {
                rows.append([String(parts[0]), String(parts[1].trimmingPrefix(" "))])
            } else if !rows.isEmpty {
                rows[rows.count - 1][1] += " " + line
            }
        }
    }
}

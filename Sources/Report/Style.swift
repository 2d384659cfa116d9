/// Sizes in pixels of the drawn figure. Text stays readable when a figure is shown 600 pixels wide.
enum Style {
    static let titleSize = 16.0
    static let subtitleSize = 13.0
    static let panelTitleSize = 14.0
    static let labelSize = 14.0
    static let tickSize = 12.5
    static let legendSize = 13.0
    static let noteSize = 12.0

    static let margin = 14.0
    /// What a phone leaves of its width beside the page's own margins.
    static let narrowWidth = 360.0
    static let narrowMargin = 2.0
    static let narrowRowHeight = 230.0
    static let tickLength = 5.0
    static let lineHeight = 1.3
    static let swatch = 26.0
    static let legendRow = 18.0
    static let colourBarWidth = 13.0

    static let fontFamily = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

    static func width(columns: Int) -> Double { columns < 3 ? 720 : 820 }

    /// Height of one row of panels before relative heights are applied.
    static func rowHeight(columns: Int, rows: Int) -> Double {
        columns == 1 ? (rows == 1 ? 380 : rows == 2 ? 230 : 190) : columns == 2 ? 220 : 230
    }
}

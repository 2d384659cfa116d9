import Figures
import Foundation

/// Colours that most people with a colour-vision deficiency can tell apart, legible on white and on near-black.
enum Palette {
    /// Six of the eight colours of Okabe and Ito, "Color Universal Design" (2002); its black is the page's text colour here,
    /// and its yellow is too faint on white.
    private static let colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]

    static func colour(_ slot: ColourSlot) -> String {
        colours[((slot % colours.count) + colours.count) % colours.count]
    }

    static func style(_ style: LineStyle?, slot: ColourSlot) -> LineStyle {
        let all = LineStyle.allCases
        return style ?? all[((slot % all.count) + all.count) % all.count]
    }

    static func dashes(_ style: LineStyle) -> String? {
        switch style {
        case .solid: nil
        case .dashed: "7 4"
        case .dotted: "1.5 3.2"
        case .dashDotted: "8 3.2 1.5 3.2"
        }
    }
}

/// A perceptually uniform colour scale: a straight path in lightness and hue at constant chroma in OKLCH, the polar form of
/// OKLab (Ottosson, 2020), so that equal steps of the value are equal steps of colour by construction.
///
/// Its ends stay away from black and white, so that every point is seen on a light and on a dark page.
enum ColourScale {
    /// The colour at `fraction` of the scale, from 0 (dark violet) to 1 (light yellow); clamped.
    static func colour(_ fraction: Double) -> String {
        let t = min(max(fraction, 0), 1)
        let lightness = 0.40 + 0.46 * t
        let chroma = 0.125
        let hue = (305 - 210 * t) * .pi / 180
        let a = chroma * cos(hue)
        let b = chroma * sin(hue)
        let l = pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3)
        let m = pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3)
        let s = pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3)
        let linear = [
            4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
        ]
        let bytes = linear.map { value -> Int in
            let clamped = min(max(value, 0), 1)
            let encoded = clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * pow(clamped, 1 / 2.4) - 0.055
            return Int((encoded * 255).rounded())
        }
        return "#" + bytes.map { String(format: "%02x", $0) }.joined()
    }
}

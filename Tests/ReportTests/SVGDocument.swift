import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// An SVG document as an XML parser sees it; making one fails where the document is not well-formed.
final class SVGDocument: NSObject, XMLParserDelegate {
    struct Element {
        var name: String
        var attributes: [String: String]
        /// Identifiers of the enclosing elements, outermost first.
        var path: [String]
        var text = ""
    }

    private(set) var elements: [Element] = []
    private var open: [Int] = []

    init(_ svg: String) throws {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        let parsed = parser.parse()
        try #require(parsed, "not well-formed: \(String(describing: parser.parserError))")
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        open.append(elements.count)
        elements.append(Element(name: name, attributes: attributes, path: open.dropLast().compactMap { elements[$0].attributes["id"] }))
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        for index in open { elements[index].text += string }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) { open.removeLast() }

    /// Texts drawn in the picture.
    var texts: [String] { elements.filter { $0.name == "text" }.map(\.text) }

    /// What the marks of one layer say when hovered over.
    func titles(panel: Int, layer: Int) -> [String] {
        elements.filter { $0.name == "title" && $0.path.contains { $0.hasSuffix("-panel\(panel)-layer\(layer)") } }.map(\.text)
    }
}

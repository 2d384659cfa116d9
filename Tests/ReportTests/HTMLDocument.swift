import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// A page as an XML parser sees it; making one fails where the page is not well-formed.
final class HTMLDocument: NSObject, XMLParserDelegate {
    final class Element {
        let name: String
        let attributes: [String: String]
        var children: [Element] = []
        var text = ""

        init(name: String, attributes: [String: String]) {
            self.name = name
            self.attributes = attributes
        }

        /// This element and all below it, in the order of the document.
        var all: [Element] { [self] + children.flatMap(\.all) }

        func all(_ name: String, class kind: String? = nil) -> [Element] {
            all.filter { element in
                let kinds = (element.attributes["class"] ?? "").split(separator: " ").map(String.init)
                return element.name == name && (kind.map { kinds.contains($0) } ?? true)
            }
        }
    }

    let root = Element(name: "", attributes: [:])
    private var open: [Element] = []

    init(_ page: String) throws {
        super.init()
        open = [root]
        let parser = XMLParser(data: Data(page.utf8))
        parser.delegate = self
        let parsed = parser.parse()
        try #require(parsed, "line \(parser.lineNumber): not well-formed: \(String(describing: parser.parserError))")
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        let element = Element(name: name, attributes: attributes)
        open.last?.children.append(element)
        open.append(element)
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        for element in open { element.text += string }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) { open.removeLast() }
}

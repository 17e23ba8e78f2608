/// A path inside the customer repo that cannot leave it: relative, without empty, `.` and `..` parts.
package struct RepositoryPath: Hashable {
    package let text: String

    package init?(_ text: String) {
        guard !text.pathParts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }), !text.hasControlCharacters
        else { return nil }
        self.text = text
    }

    package func isBelow(_ directory: String) -> Bool { text.isBelow(directory) }
}

extension String {
    /// C0 controls (NUL, line ends, tabs, escapes), DEL and C1 controls.
    package var hasControlCharacters: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}

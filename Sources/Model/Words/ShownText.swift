extension String {
    /// In quotes, on one line, shortened.
    package var shown: String {
        let flat = unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "\\n"
            case "\t": "\\t"
            default: scalar.properties.generalCategory == .control ? "?" : String(scalar)
            }
        }
        return "'\(flat.joined().shortened)'"
    }

    /// At most 80 characters.
    package var shortened: String { count > 80 ? "\(prefix(79))…" : self }
}

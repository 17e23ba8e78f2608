extension Int {
    /// `1 change`, `3 changes`.
    package func counted(_ noun: String) -> String { counted(noun, noun + "s") }

    /// `1 entry`, `3 entries`.
    package func counted(_ noun: String, _ nouns: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(nouns)" }
}

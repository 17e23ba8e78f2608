extension String {
    /// Without characters that move the cursor or change colours, and with those written out that reverse the direction of what
    /// follows: commit subjects and names are somebody else's text. A name without its marks could be taken for another one.
    package var printable: String {
        guard unicodeScalars.contains(where: \.steersTerminal) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if !scalar.steersTerminal {
                text.unicodeScalars.append(scalar)
            } else if scalar.value > 0x9F {
                text += "<\(scalar.codePoint)>"
            }
        }
    }
}

extension Unicode.Scalar {
    /// It is no letter for people but an order to their terminal.
    package var steersTerminal: Bool {
        switch value {
        case ..<32, 127...159, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

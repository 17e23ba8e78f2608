/// A path of an object as it stands in a URL.
enum URLPath {
    /// Everything but letters, digits, `-_.~` and slashes in percent signs, as signatures want it.
    static func escaped(_ path: String) -> String { path.utf8.map(escaped).joined() }

    private static func escaped(_ byte: UInt8) -> String {
        let character = Character(Unicode.Scalar(byte))
        if byte < 128, character.isLetter || character.isNumber || "-_.~/".contains(character) {
            return String(character)
        }
        return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}

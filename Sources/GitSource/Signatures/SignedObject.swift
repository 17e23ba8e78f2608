internal import FoundationEssentials

/// A commit or a tag, taken apart into its signature and what was signed.
struct SignedObject: Codable, Hashable, Sendable {
    /// The largest that is looked at, in bytes: one line of the child's answer has to hold it.
    static let limit = 256 << 10

    let payload: Data
    /// Armoured; absent where the object is not signed.
    let signature: Data?
}

/// Why the signature of an object could mean something else to another reader.
struct MalformedObject: Error, Hashable {
    let reason: String
}

extension SignedObject {
    /// The signature of a commit is the header `gpgsig`; everything else is what was signed.
    init(commit bytes: [UInt8]) throws(MalformedObject) {
        // Readers that stop at it see another message than those that do not.
        guard !bytes.contains(0) else { throw MalformedObject(reason: "it has a NUL byte in it") }
        var payload: [UInt8] = []
        var signature: [UInt8]?
        var isInSignature = false
        var rest = bytes[...]
        while let first = rest.first, first != UInt8(ascii: "\n") {
            let line = Self.takeLine(&rest)
            if line.starts(with: "gpgsig ".utf8) {
                guard signature == nil else { throw MalformedObject(reason: "it has two signatures") }
                (signature, isInSignature) = (Array(line.dropFirst(7)), true)
            } else if isInSignature, first == UInt8(ascii: " ") {
                signature?.append(contentsOf: line.dropFirst())
            } else {
                // Whoever removes both would check another text than whoever removes one.
                guard !line.starts(with: "gpgsig".utf8) else {
                    throw MalformedObject(reason: "it has a signature for another kind of repository")
                }
                payload += line
                isInSignature = false
            }
        }
        self.init(payload: Data(payload + rest), signature: signature.map { Data($0) })
    }

    /// The signature of a tag is the end of its message, from the last line that begins one.
    init(tag bytes: [UInt8]) throws(MalformedObject) {
        guard !bytes.contains(0) else { throw MalformedObject(reason: "it has a NUL byte in it") }
        var begin: Int?
        var rest = bytes[...]
        while !rest.isEmpty {
            let position = rest.startIndex
            let line = Self.takeLine(&rest)
            if Self.beginnings.contains(where: { line.starts(with: $0.utf8) }) { begin = position }
        }
        let end = begin ?? bytes.endIndex
        self.init(payload: Data(bytes[..<end]), signature: begin == nil ? nil : Data(bytes[end...]))
    }

    private static let beginnings = ["-----BEGIN SSH SIGNATURE-----", "-----BEGIN PGP SIGNATURE-----"]

    /// With its line end.
    private static func takeLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
        defer { rest = rest[end...] }
        return rest[..<end]
    }
}

/// An object as the child found it: nothing of what a server sent is taken apart in the parent.
struct ExtractedObject: Codable, Hashable, Sendable {
    let id: String
    /// Absent where it cannot be taken apart.
    var object: SignedObject?
    /// Why it cannot.
    var fault: String?
}

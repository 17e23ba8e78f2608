internal import Crypto
internal import FoundationEssentials
internal import Glibc

/// The digest of a file while it comes by.
struct ArchiveDigest: Sendable {
    private var hash = SHA256()
    private(set) var count: Int64 = 0

    mutating func add(_ bytes: [UInt8]) {
        hash.update(data: bytes)
        count += Int64(bytes.count)
    }

    /// The digest of what only this host's root, or its keys, may read is not told: whoever can push would learn of any file
    /// whether it is one that they know.
    func check(_ expected: String, of source: ArchiveSource, _ action: String) throws(EngineError) {
        let found = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        guard found != expected.lowercased() else { return }
        let hint = "check the archive; when it is right, put its sha256 into 'plan.json'"
        guard case .https = source else {
            throw EngineError(
                .refused(status: nil), "cannot \(action): its sha256 is not '\(expected)', as the plan says",
                hint: "\(hint): 'sha256sum FILE' where it lies")
        }
        throw EngineError(
            .refused(status: nil), "cannot \(action): its sha256 is '\(found)', the plan says '\(expected)'", hint: hint
        )
    }

    static func isGzip(_ path: String) -> Bool {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var head: [UInt8] = [0, 0]
        return read(file, &head, 2) == 2 && head == [0x1f, 0x8b]
    }
}

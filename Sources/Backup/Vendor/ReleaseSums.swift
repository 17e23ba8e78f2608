internal import Model

/// The file beside a release's files that names each of them with its hash, as `sha256sum --check` reads it; its first
/// line says of which version they are.
struct ReleaseSums: Sendable {
    static let fileName = "SHA256SUMS"
    static let signatureName = "SHA256SUMS.sig"

    let version: String
    /// 64 hexadecimal digits by path.
    var files: [String: String]

    init(version: String, files: [String: String]) {
        self.version = version
        self.files = files
    }

    /// `nil` when `bytes` is no such file.
    init?(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        guard let head = lines.first, head.hasPrefix(Self.head) else { return nil }
        version = String(head.dropFirst(Self.head.count))
        files = [:]
        for line in lines.dropFirst() {
            guard let match = line.wholeMatch(of: /([0-9a-f]{64})  (.+)/), Self.isName(String(match.2))
            else { return nil }
            files[String(match.2)] = String(match.1)
        }
    }

    var bytes: [UInt8] { Array("\(Self.head)\(version)\n\(lines)".utf8) }

    /// Without the version, which tools take for a damaged line.
    var lines: String { files.sorted { $0.key < $1.key }.map { "\($0.value)  \($0.key)\n" }.joined() }

    private static let head = "# release "

    /// Whether a release's file may be called so.
    static func isName(_ path: String) -> Bool {
        path != fileName && path != signatureName && !path.contains { $0.isNewline || $0 == "\\" }
            && !path.pathParts.contains { $0.isEmpty || $0 == "." || $0 == ".." }
    }
}

package import Files
internal import FoundationEssentials
internal import Glibc
package import Model

/// What the data directories of a stack were, beside them: `DATA/STACK/.fairlead-data.json`.
///
/// Beside the journal's copy, for a journal that is lost. Never inside a data directory, which is its service's alone.
package struct DataMarkFile {
    package let stackDirectory: String

    package init(stackDirectory: String) { self.stackDirectory = stackDirectory }

    private static let name = ".fairlead-data.json"
    private var path: String { "\(stackDirectory)/\(Self.name)" }

    private struct Content: Codable {
        var directories: [String: DataMark]
    }

    /// None where there is no file, and where it cannot be understood: then the journal counts.
    package func read() throws(HostError) -> [String: DataMark] {
        guard try FileStatus.at(path).kind == .file else { return [:] }
        let bytes = try Descriptor(path, O_RDONLY | O_NOFOLLOW).read(limit: 16 << 20)
        return Self.marks(in: bytes) ?? [:]
    }

    /// What would keep it from being written, when the old stack is gone already.
    package func obstacle() throws(HostError) -> HostError? {
        guard try FileStatus.at(path).kind == .directory else { return nil }
        return HostError(
            "'\(path)' is a directory, but has to be a file", hint: "move it away: fairlead writes it anew")
    }

    package static func marks(in bytes: [UInt8]) -> [String: DataMark]? {
        (try? JSONDecoder().decode(Content.self, from: Data(bytes)))?.directories
    }

    /// Does nothing where the stack has no directory.
    package func write(_ marks: [String: DataMark]) throws(HostError) {
        guard try FileStatus.at(stackDirectory).kind == .directory else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(Content(directories: marks)) else {
            throw HostError("cannot write what the data directories in '\(stackDirectory)' are")
        }
        try AtomicFile.write(Array(bytes) + [0x0a], to: path)
    }
}

internal import Foundation
internal import Glibc

/// A directory of one test, removed when the value goes.
public final class Scratch: Sendable {
    public let path: String

    public init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "fairlead-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes `text` to `name`, directories included; returns the absolute path.
    ///
    /// Not by Foundation: it opens files so that a process which another test starts at this moment keeps them open for
    /// writing, and who asks later who writes to the file finds that process.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        let url = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        guard let file = fopen(url.path, "we") else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        let bytes = Array(text.utf8)
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw POSIXError(.EIO) }
        return url.path
    }
}

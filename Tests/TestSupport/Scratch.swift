internal import Foundation

/// A directory of one test, removed when the value goes.
public final class Scratch: Sendable {
    public let path: String

    public init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "fairlead-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes `text` to `name`, directories included; returns the absolute path.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        let url = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// Writes `text` to `name` so that no process of this one has it open for writing afterwards; returns the absolute path.
    ///
    /// A process that another test starts while this one writes a file inherits the descriptor. As long as it lives the
    /// file cannot be executed, and counts as written to by somebody.
    @discardableResult
    public func install(_ text: String, to name: String, mode: String = "755") throws -> String {
        try Self.install(text, to: "\(path)/\(name)", mode: mode)
        return "\(path)/\(name)"
    }

    /// As above, for any absolute path.
    static func install(_ text: String, to path: String, mode: String = "755") throws {
        try TestProgram("install", ["-D", "-m", mode, "/dev/stdin", path], input: text).run()
    }
}

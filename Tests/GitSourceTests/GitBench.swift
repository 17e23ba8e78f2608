import Foundation
import GitSource
import InMemoryLogging
import Logging
import Model
import TestSupport

/// A state directory with a source that reads a repository into it.
struct GitBench {
    let scratch: Scratch
    let source: GitSource
    private let log: InMemoryLogHandler

    var state: String { scratch.path }
    /// What a fetch may write.
    var git: String { "\(state)/git" }
    var mirror: String { "\(git)/mirror.git" }
    /// The messages of the log with their level, such as `warning: …`.
    var messages: [String] { log.entries.map { "\($0.level): \($0.message)" } }

    init(_ url: String, _ configure: (inout RepositoryLocation) -> Void = { _ in }) throws {
        let scratch = try Scratch()
        try self.init(url, scratch: scratch, configure)
    }

    /// Over the state directory of another.
    init(_ url: String, scratch: Scratch, _ configure: (inout RepositoryLocation) -> Void = { _ in }) throws {
        self.scratch = scratch
        var location = RepositoryLocation(url: url, timeout: .seconds(30))
        configure(&location)
        let handler = InMemoryLogHandler()
        log = handler
        source = GitSource(
            location: location, stateDirectory: scratch.path, executable: try Self.program(),
            logger: Logger(label: "git") { _ in handler })
    }

    /// The tip, with everything fetched.
    @discardableResult
    func follow() async throws -> CommitID {
        let tip = try await source.remoteTip()
        try await source.fetch(tip)
        return tip.commit
    }

    /// The program `fairlead`, which is built beside the tests.
    static func program() throws -> String {
        let runner = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        return runner.deletingLastPathComponent().appending(path: "fairlead").path
    }
}

/// What `operation` threw, as a failure of git.
func gitFailure(_ operation: () async throws -> Void) async -> GitFailure? {
    do {
        try await operation()
        return nil
    } catch {
        return error as? GitFailure
    }
}

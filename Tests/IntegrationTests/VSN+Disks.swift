import Foundation
import Processes
import Testing

/// Data directories that are mount points.
extension VSN {
    /// Makes directories that any user may write to.
    func makeOpen(_ paths: String...) throws {
        for path in paths {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o777])
        }
    }

    func bind(_ directory: String, to point: String) async throws {
        try await call("mount", "--bind", directory, point)
    }

    func unbind(_ point: String) async throws { try await call("umount", point) }

    func call(_ name: String, _ arguments: String...) async throws {
        let path = try #require(Command.find(name))
        _ = try await Command(path, arguments).run()
    }
}

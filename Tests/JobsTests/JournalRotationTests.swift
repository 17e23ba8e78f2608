import Foundation
import Processes
import TestSupport
import Testing

@testable import Jobs

@Suite("M2: how often the clean-up job closes the journal's file")
struct JournalRotationTests {
    private static let day = 86_400

    @Test(
        "no more often than 25 times in what is kept, whatever its schedule",
        arguments: [(1, 7 * day, false), (6 * 3600, 7 * day, false), (7 * 3600, 7 * day, true), (300, 3600, true)])
    func due(closedAgo: Int, keep: Int, isDue: Bool) async throws {
        let scratch = try Scratch()
        let file = "\(scratch.path)/machine/system@1.journal"
        try FileManager.default.createDirectory(
            atPath: "\(scratch.path)/machine", withIntermediateDirectories: false)
        try Data().write(to: URL(filePath: file))
        let moment = Date().addingTimeInterval(-Double(closedAgo))
        try FileManager.default.setAttributes([.modificationDate: moment], ofItemAtPath: file)
        #expect(try await isRotationDue(in: scratch.path, keep: keep) == isDue)
    }

    @Test("at once where none was closed before")
    func first() async throws {
        #expect(try await isRotationDue(in: try Scratch().path, keep: Self.day))
    }

    /// As the job's own function says.
    private func isRotationDue(in directory: String, keep: Int) async throws -> Bool {
        let text = String(decoding: PackageResources.cleanup_bash, as: UTF8.self)
        let library = text.split(separator: "\n").dropLast().joined(separator: "\n")
        let call = "\nNOW=$(date +%s); KEEP_SECONDS=\(keep); is_rotation_due \"$1\""
        return try await Command("/bin/bash", ["-uc", library + call, "bash", directory]).runToEnd().status == 0
    }
}

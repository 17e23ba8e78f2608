import Files
import Foundation
import HostSupport
import TestSupport
import Testing

@testable import Backup
@testable import HostSystem

@Suite("A data directory that is a disk of its own", .enabled(if: isRoot || mustRun))
struct OwnDiskTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func directory(_ name: String) throws -> String {
        let path = "\(scratch.path)/acme/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    @Test("a mount is noticed, also one that is bound from the same disk, and nothing is put in its place")
    func mounts() async throws {
        let plain = try directory("plain")
        let bound = try directory("bound")
        #expect(try !OwnDisk.isMounted(plain))
        #expect(try !OwnDisk.isMounted(bound))
        #expect(try !OwnDisk.isMounted("\(scratch.path)/acme/missing"))
        try await tool("mount", "--bind", plain, bound)
        let found = Result { try OwnDisk.isMounted(bound) }
        let staged = StagedData(of: "bound", in: "\(scratch.path)/acme")
        let refused = Result { try staged.checkPlace() }
        try await tool("umount", bound)
        #expect(try found.get())
        #expect(throws: HostError.self) { try refused.get() }
        #expect(throws: Never.self) { try staged.checkPlace() }
    }
}

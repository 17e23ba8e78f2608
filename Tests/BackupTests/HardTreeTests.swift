import Foundation
import HostSupport
import TestSupport
import Testing

@Suite("The hard tree of the tests", .enabled(if: HardTree.unavailable == nil))
struct HardTreeTests {
    private static let archive = """
        mkdir "$2" && set -o pipefail
        tar -C "$1" --numeric-owner --xattrs --xattrs-include='*' --acls --sparse -cf - . \\
            | tar -C "$2" --numeric-owner --xattrs --xattrs-include='*' --acls -xpf -
        """

    @Test("what tar took along with all options equals it; made twice it is the same")
    func equal() async throws {
        let scratch = try Scratch()
        let (one, other) = ("\(scratch.path)/one", "\(scratch.path)/other")
        for path in [one, other] { try await HardTree.make(path) }
        #expect(try await HardTree.differences(one, other) == [])
        try await tool("bash", "-c", Self.archive, "archive", one, "\(scratch.path)/copy")
        #expect(try await HardTree.differences(one, "\(scratch.path)/copy") == [])
    }

    @Test(
        "two trees that differ in one thing differ, and the path is named",
        arguments: [
            ("attributes/user", "setfattr -n user.comment -v other"), ("attributes/acl", "setfacl -m u:999:r"),
            ("attributes/capability", "setfattr -x security.capability"), ("attributes/dir", "setfacl -k"),
            ("holes/only", "fallocate -l 64M"), ("holes/zeros", "fallocate -d"),
            ("links/second", "cp -a --remove-destination fourth"), ("links/relative", "chown -h 5"),
            ("modes/4755", "chmod u-s"), ("modes/0600", "chown 8"), ("modes/fifo", "rm"),
            ("empty/deeper/deepest", "rmdir"),
            ("times/nanoseconds", "touch -d '1970-01-01 00:00:01.000000002'"), ("big", "truncate -s -1"),
            ("small/000/7", "cp empty/file"), (".", "chmod 755"),
        ])
    func different(path: String, change: String) async throws {
        let scratch = try Scratch()
        let (one, other) = ("\(scratch.path)/one", "\(scratch.path)/other")
        for path in [one, other] { try await HardTree.make(path, smallFiles: 10, bigFile: 1000) }
        try await tool("bash", "-c", "cd '\(other)' && \(change) \(path)")
        let differences = try await HardTree.differences(one, other)
        #expect(differences.contains { $0.hasPrefix("b'\(path)':") }, "\(differences)")
    }
}

internal import Foundation
internal import Processes

/// A directory with what is hard to back up: holes, hard links, odd names, owners, special modes, extended attributes,
/// access control lists, capabilities, a fifo, empty directories, long paths, odd times, small files and a big one.
/// Needs root.
public enum HardTree {
    /// Why it cannot be made here.
    public static let unavailable = TestProgram.missingForRoot("setfacl", "setfattr")

    /// Makes `path`, which may not exist yet; always the same. 100 000 small files take some seconds.
    public static func make(_ path: String, smallFiles: Int = 500, bigFile: Int = 4 << 20) async throws {
        try await run("make", path, String(smallFiles), String(bigFile))
    }

    /// Up to 20 differences of two trees, each with the path, what differs and both values; empty when they are equal.
    ///
    /// Compared are kind, mode, owner, time in nanoseconds, content, link target, which names are one file, that there are
    /// holes, and all extended attributes, the directories themselves included.
    public static func differences(_ first: String, _ second: String) async throws -> [String] {
        try await run("compare", first, second).split(separator: "\n").map(String.init)
    }

    @discardableResult
    private static func run(_ arguments: String...) async throws -> String {
        let command = Command(
            "/usr/bin/python3", ["-"] + arguments, input: PackageResources.hard_tree_py, deadline: .seconds(600))
        return try await command.run().text
    }
}

internal import Foundation
internal import Glibc
package import HostSystem
package import Model
package import Processes
package import TestSupport

package let isRoot = geteuid() == 0
/// With CI=true nothing is skipped.
package let mustRun = ProcessInfo.processInfo.environment["CI"] == "true"

/// A host whose directories lie in a directory of the test.
package struct HostFixture: Sendable {
    package let scratch: Scratch
    package var configuration: HostConfiguration

    package init() throws {
        scratch = try Scratch()
        let path = scratch.path
        configuration = HostConfiguration(
            stateDirectory: "\(path)/state", dataRoot: "\(path)/data", runtimeDirectory: "\(path)/run",
            engineStorage: [path], minimumFreeSpace: ByteCount(bytes: 1), requiresMemoryForSecrets: false,
            requiresRoot: false)
    }

    package var host: HostSystem { HostSystem(configuration: configuration) }

    /// A search path with the programs of this machine but for `missing`.
    package func programs(without missing: Set<String>) throws -> String {
        let directory = "\(scratch.path)/bin-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for place in ["/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"] {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
            where !missing.contains(name) {
                try? FileManager.default.createSymbolicLink(
                    atPath: "\(directory)/\(name)", withDestinationPath: "\(place)/\(name)")
            }
        }
        return directory
    }
    package var data: String { configuration.dataRoot }
}

package func plan(_ containers: [String: ContainerPlan], stack: String = "acme") -> ResolvedPlan {
    ResolvedPlan(stack: stack, version: "1.0.0", host: "vsn1", containers: containers)
}

package func container(
    volumes: [VolumePlan] = [], secretFiles: [SecretFilePlan] = [], ports: [String] = []
) -> ContainerPlan {
    ContainerPlan(
        image: .archive(ImageArchive(url: "file:///web.tar", sha256: "00")), volumes: volumes,
        secretFiles: secretFiles, ports: ports.compactMap(PortMapping.init))
}

package func volume(_ name: String, owner: String? = nil, mode: String? = nil) -> VolumePlan {
    VolumePlan(
        source: .data(name), target: "/\(name)", owner: owner.flatMap(FileOwner.init), mode: mode.flatMap(FileMode.init)
    )
}

/// All that `stat` tells of a path, but for the time of the last access.
package func attributes(_ path: String) -> [Int] {
    var status = stat()
    guard lstat(path, &status) == 0 else { return [] }
    return [
        Int(status.st_mode), Int(status.st_uid), Int(status.st_gid), Int(status.st_ino), status.st_mtim.tv_sec,
        status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
    ]
}

package func mode(_ path: String) -> Int { attributes(path).first.map { $0 & 0o7777 } ?? -1 }

package func content(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

@discardableResult
package func tool(_ name: String, _ arguments: String..., input: String = "") async throws -> CommandResult {
    guard let path = Command.find(name) else { throw ToolMissing(name: name) }
    return try await Command(path, arguments, input: Array(input.utf8)).run()
}

/// The output of a program that may also end with `status`.
package func tool(_ name: String, _ arguments: String..., orStatus status: Int32) async throws -> String {
    guard let path = Command.find(name) else { throw ToolMissing(name: name) }
    let result = try await Command(path, arguments).runToEnd()
    guard [0, status].contains(result.status) else { throw ToolMissing(name: "\(name): \(result.errorTail)") }
    return result.text
}

package struct ToolMissing: Error {
    let name: String

    package init(name: String) { self.name = name }
}

/// Runs `body` with a memory file system of `size` at a new directory of `scratch`.
package func withTmpfs(size: String, in scratch: Scratch, _ body: (String) async throws -> Void) async throws {
    let path = scratch.path + "/tmpfs"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try await tool("mount", "-t", "tmpfs", "-o", "size=\(size)", "tmpfs", path)
    do {
        try await body(path)
    } catch {
        try await tool("umount", path)
        throw error
    }
    try await tool("umount", path)
}

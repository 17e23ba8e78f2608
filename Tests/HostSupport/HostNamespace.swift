package import Files
internal import Foundation
package import HostSystem
package import Model
internal import Processes
package import TestSupport

/// A host of one test's own: its `/etc` is a copy, its host name, network and kernel parameters of the network are its
/// own, and no systemd runs. The settings of the machine are out of reach.
package struct HostNamespace {
    package static let isAvailable = isRoot
    private static let variable = "FAIRLEAD_TEST_NAMESPACE"

    package let scratch: Scratch
    package var configuration: HostConfiguration

    /// Runs `body` in such a host: the test that calls this is run again there, by this very program.
    package static func with(
        _ test: String = #function, file: String = #fileID, _ body: (HostNamespace) async throws -> Void
    ) async throws {
        guard ProcessInfo.processInfo.environment[variable] == nil else { return try await body(HostNamespace()) }
        let suite = file.split(separator: "/").last?.split(separator: ".").first ?? ""
        let filter = "\(suite)/" + NSRegularExpression.escapedPattern(for: test)
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let script = [setup, "exec \"$0\" --testing-library swift-testing --filter \"$1\" 2>&1"].joined(separator: "\n")
        let inside = Command(
            "/usr/bin/unshare", ["--mount", "--uts", "--net", "/bin/bash", "-ec", script, tests, filter],
            environment: Command.plainEnvironment.merging([variable: "1"]) { $1 })
        let result = try await inside.runToEnd()
        guard result.status == 0, result.text.contains("with 1 test") else { throw FailedInside(output: result.text) }
    }

    private init() throws {
        scratch = try Scratch()
        configuration = HostConfiguration(
            stateDirectory: "\(scratch.path)/state", dataRoot: "\(scratch.path)/data",
            runtimeDirectory: "\(scratch.path)/run", engineStorage: [scratch.path],
            minimumFreeSpace: ByteCount(bytes: 1), requiresMemoryForSecrets: false)
    }

    /// A new value for each use, as after a restart.
    package var host: HostSystem { HostSystem(configuration: configuration) }
    package var memory: String { "\(scratch.path)/state/host-settings" }

    private static let setup = """
        mount --make-rprivate /
        mount -t tmpfs tmpfs /mnt
        mkdir /mnt/upper /mnt/work
        mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work /etc
        mount -t tmpfs tmpfs /run
        ip link set lo up
        hostname before
        echo before > /etc/hostname
        rm -f /etc/resolv.conf /etc/localtime
        printf '127.0.0.1 localhost\\n127.0.1.1 before' > /etc/hosts
        printf 'domain old.example.com\\nnameserver 198.51.100.1' > /etc/resolv.conf
        ln -s /usr/share/zoneinfo/Etc/UTC /etc/localtime
        echo Etc/UTC > /etc/timezone
        echo 4096 131072 6291456 > /proc/sys/net/ipv4/tcp_rmem
        echo 1000 > /proc/sys/net/core/somaxconn
        """

    /// `/etc/resolv.conf` is the link by which systemd-resolved serves.
    package func putResolvedInCharge() throws {
        try FileManager.default.removeItem(atPath: "/etc/resolv.conf")
        try FileManager.default.createSymbolicLink(
            atPath: "/etc/resolv.conf", withDestinationPath: "../run/systemd/resolve/stub-resolv.conf")
    }

    /// Everything that settings can change, for comparison: files with their attributes, the name, parameters.
    package func state() async throws -> [String: String] {
        var state = ["hostname": try await tool("hostname").text]
        for path in Self.paths {
            let kind = attributes(path).first.map { String($0, radix: 8) } ?? "missing"
            let link = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
            let bytes = FileManager.default.contents(atPath: path) ?? Data()
            state[path] = "\(kind) \(link ?? "") \(String(decoding: bytes, as: UTF8.self))"
        }
        return state
    }

    private static let paths = [
        "/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/etc/localtime", "/etc/timezone",
        "/etc/sysctl.d/90-fairlead.conf", "/etc/systemd/resolved.conf.d/fairlead.conf",
        "/etc/systemd/journald.conf.d/50-fairlead.conf",
        "/proc/sys/net/core/somaxconn", "/proc/sys/net/ipv4/tcp_rmem",
    ]

    package static let everything = HostSettings(
        hostname: "vsn1.acme.example.com", timezone: "Europe/Berlin", hosts: ["192.0.2.5": ["db.internal", "db"]],
        dns: DNSSettings(servers: ["192.0.2.53"], search: ["acme.example.com"]),
        sysctl: ["net.core.somaxconn": "2000", "net.ipv4.tcp_rmem": "4096 130000 6000000"],
        logs: LogSettings(maximum: ByteCount(bytes: 2 << 30)))
}

extension HostSystem {
    /// For the only deployment of a test.
    package func applyHostSettings(_ settings: HostSettings?) async throws(HostError) -> [String] {
        try await applyHostSettings(settings, for: 1)
    }

    package func keepHostSettings() async throws { try await keepHostSettings(of: 1) }
}

/// The test fails as it did in the host of its own.
private struct FailedInside: Error { let output: String }

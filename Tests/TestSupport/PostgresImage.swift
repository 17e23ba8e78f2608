internal import Foundation
internal import Processes

/// The demo's image of Debian's PostgreSQL, with pgbench, pg_amcheck, pg_dump and pg_restore. It is made once on a machine
/// (some 20 seconds) and shared with `make demo`.
///
/// Its data lies in `/var/lib/postgresql/data` and is of 999:999; it wants `POSTGRES_PASSWORD` where there is none yet.
public enum PostgresImage {
    /// Why it cannot be made here.
    public static let unavailable = PodmanSandbox.unavailable ?? RegistryFixture.unavailable

    /// The directory of the demo's registry.
    private static let registry = Task {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
        let printed = try await Command("\(tests)/Demo/demo.sh", ["--images"], deadline: .seconds(300)).run().text
        guard let path = printed.split(separator: "\n").last else {
            throw PodmanSandboxError(description: "the demo has no images")
        }
        return String(path)
    }

    /// Puts it into the sandbox's storage under `name`.
    public static func load(into sandbox: PodmanSandbox, as name: String = "localhost/database:1") async throws {
        let registry = try await RegistryFixture.make(storage: registry.value)
        defer { registry.shutDown() }
        let image = "\(registry.address)/acme/database:1.0.0"
        try await sandbox.podman("pull", "--quiet", "--tls-verify=false", image)
        try await sandbox.podman("tag", image, name)
        try await sandbox.podman("untag", image, image)
    }
}

public import Files
public import HostSystem
public import Model
internal import Processes

/// One target of a plan's backups, or the vendor's storage. Paths are relative to the target's own path.
///
/// Everything goes through rclone, which gets its remote, credentials included, by its environment only.
public struct BackupStore: Sendable, CustomReflectable {
    /// Of the target in the plan.
    public let name: String
    let target: BackupTarget
    /// The plan only names it: its options are the host owner's.
    let isOwners: Bool
    let remote: RcloneRemote
    let program: String
    let configuration: HostConfiguration
    let secrets: Secrets
    private let redaction: Redaction
    /// An upload that sends nothing for so long is given up.
    package var stallLimit: Duration = .seconds(60)

    /// Errors name a secret, never its value.
    public init(
        name: String, target: BackupTarget, secrets: Secrets, configuration: HostConfiguration
    ) async throws(HostError) {
        guard let program = Command.find("rclone", path: configuration.commandPath) else {
            throw HostError.notInstalled("rclone")
        }
        if case .remote = target.store { isOwners = true } else { isOwners = false }
        let target = try target.resolved(for: name, by: configuration)
        self.name = name
        self.target = target
        self.program = program
        self.configuration = configuration
        self.secrets = secrets
        remote = try await RcloneRemote(
            target.store, of: name, secrets: secrets, program: program, proxy: configuration.proxy)
        redaction = secrets.redaction(adding: remote.credentials)
    }

    /// What rclone calls `path`, for pipelines that run it with `environment`.
    public func remotePath(_ path: String) -> String { remotePath(path, on: RcloneRemote.standardName) }

    /// The whole environment of an rclone that reaches this store; holds its credentials.
    public var environment: [String: String] { remote.environment(as: RcloneRemote.standardName) }

    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }

    func remotePath(_ path: String, on remoteName: String) -> String {
        let parts = [target.basePath, path].filter { !$0.isEmpty }
        return "\(remoteName):" + parts.joined(separator: "/")
    }

    /// `text` without a secret, nor what opens the store.
    func redacted(_ text: String) -> String { redaction.applied(to: text) }
}

extension BackupTarget {
    /// With the options of a remote that the plan only names.
    func resolved(for target: String, by configuration: HostConfiguration) throws(HostError) -> BackupTarget {
        guard case .remote(let name, let path) = store else { return self }
        guard let options = configuration.remotes[name] else {
            throw HostError(
                "this host has no remote '\(name)', which backup target '\(target)' names",
                hint: "write its options to the configuration: \"remotes\": {\"\(name)\": {\"type\": …}}")
        }
        var resolved = self
        // A `${` of the owner's is meant as it is written.
        resolved.store = .rclone(
            options: options.mapValues { SecretText(source: $0.replacing("${", with: "$${")) }, path: path)
        return resolved
    }

    /// Without a slash at its end.
    var basePath: String {
        let path =
            switch store {
            case .rclone(_, let path), .remote(_, let path): path
            case .directory(let path, _): path
            }
        return path.last == "/" ? String(path.dropLast()) : path
    }
}

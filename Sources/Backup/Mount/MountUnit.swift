internal import Files
internal import Model

/// The systemd unit that mounts a backup target's share; a pure function of the plan.
struct MountUnit: Hashable, Sendable {
    /// Of the backup target.
    let target: String
    let mount: MountPlan
    /// Holds the credentials; in memory.
    let runtimeDirectory: String

    static let prefix = "mnt-fairlead-"
    static let suffix = ".mount"
    /// The first line of each: others of that name are somebody else's.
    static let header = "# Made by fairlead for a backup target of the deployment plan, do not edit."

    var place: String { mount.place(of: target) }

    /// As `systemd-escape --path --suffix=mount` writes it.
    var name: String { Self.prefix + PathName.name(of: place).replacing("-", with: #"\x2d"#) + Self.suffix }

    /// Of the unit called `name`.
    static func place(ofUnit name: String) -> String {
        let escaped = String(name.dropFirst(prefix.count).dropLast(suffix.count))
        return "\(MountPlan.root)/" + escaped.replacing(#"\x2d"#, with: "-")
    }

    /// `nil` where the server wants none.
    var credentialsFile: String? {
        mount.type == .smb ? Self.credentialsFile(for: place, in: runtimeDirectory) : nil
    }

    static func credentialsFile(for place: String, in runtimeDirectory: String) -> String {
        "\(runtimeDirectory)/mounts/\(PathName.name(of: place))"
    }

    var helper: String { mount.helper }

    /// A server that has gone is an error and no program that hangs: what a backup wrote is read back anyway. The plan's own
    /// options come later, and win; what gives rights on this host cannot be among them.
    private var options: String {
        let kind = mount.type == .nfs ? ["soft", "timeo=150", "retrans=3"] : ["soft"]
        let credentials = credentialsFile.map { ["credentials=\($0)"] } ?? []
        return (kind + mount.options + ["nosuid", "nodev", "noexec"] + credentials).joined(separator: ",")
    }

    /// Not wanted by any target: a backup starts it when it needs it, so that no boot waits for its server.
    var text: String {
        """
        \(Self.header)
        [Unit]
        Description=Share of backup target '\(target)' of Fairlead

        [Mount]
        What=\(mount.source)
        Where=\(place)
        Type=\(mount.type == .nfs ? "nfs" : "cifs")
        Options=\(options)
        TimeoutSec=60

        """
    }

    /// What `credentials=` reads; `nil` when a secret is missing, or has a line break.
    func credentials(_ secrets: Secrets) -> String? {
        guard let username = mount.username?.value(with: secrets), let password = mount.password?.value(with: secrets),
            !(username + password).contains(where: \.isNewline)
        else { return nil }
        return "username=\(username)\npassword=\(password)\n" + (mount.domain.map { "domain=\($0)\n" } ?? "")
    }
}

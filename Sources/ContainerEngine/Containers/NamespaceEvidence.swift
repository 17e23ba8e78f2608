internal import FoundationEssentials
internal import Model

/// What the kernel says of a process: whose ids it has, and what it sees mounted.
struct NamespaceEvidence {
    let users: String
    let groups: String
    let mounts: MountTable

    init(users: String, groups: String, mounts: MountTable) {
        self.users = users
        self.groups = groups
        self.mounts = mounts
    }

    init(process: Int32) {
        func read(_ name: String) -> String {
            let data = FileManager.default.contents(atPath: "/proc/\(process)/\(name)") ?? Data()
            return String(decoding: data, as: UTF8.self)
        }
        self.init(users: read("uid_map"), groups: read("gid_map"), mounts: MountTable(process: "\(process)"))
    }

    /// What it has not of what `spec` asks for; `nil` when it has all.
    func lack(of spec: ContainerSpec) -> String? {
        guard let range = spec.userNamespace else { return nil }
        let wanted = ["0", "\(range.first)", "\(IDRange.count)"]
        guard [users, groups].allSatisfy({ $0.split(whereSeparator: \.isWhitespace).map(String.init) == wanted }) else {
            return "gives it other user ids than were asked for"
        }
        let asked = spec.mounts.filter(\.keepsOwners)
        // Targets are not compared: where the image has a link in a target's path the mount is elsewhere.
        guard mounts.entries.filter({ $0.options.contains("idmapped") }).count < asked.count else { return nil }
        let targets = asked.map { "'\($0.target)'" }.joined(separator: ", ")
        return "does not map the owners of the files in \(targets), which would belong to nobody"
    }
}

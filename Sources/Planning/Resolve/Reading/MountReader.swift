internal import Model

/// Reads the `mount` of a backup target, with what is wrong about it.
enum MountReader {
    static func mount(_ cursor: PlanCursor) -> MountPlan {
        let mount = MountPlan(
            type: cursor["type"]?.choice() ?? .nfs, source: cursor["source"]?.text ?? "",
            options: cursor["options"]?.texts ?? [],
            username: cursor["username"]?.text.map(SecretText.init(source:)),
            password: cursor["password"]?.text.map(SecretText.init(source:)), domain: cursor["domain"]?.text)
        checkSource(of: mount, cursor)
        checkUser(of: mount, cursor)
        for element in cursor["options"]?.elements ?? [] {
            guard let problem = element.text.flatMap({ MountOption.problem(with: $0, of: mount.type) }) else {
                continue
            }
            element.error(problem.message, hint: problem.hint)
        }
        return mount
    }

    private static func checkSource(of mount: MountPlan, _ cursor: PlanCursor) {
        let isSource: Bool
        let example: String
        switch mount.type {
        case .nfs:
            let host = /([A-Za-z0-9][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\]):\/[A-Za-z0-9._\/@+-]*/
            (isSource, example) = (mount.source.wholeMatch(of: host) != nil, "nas:/export/backup")
        case .smb:
            let share = /\/\/[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9._$@+-][A-Za-z0-9._ $@+-]*)+/
            (isSource, example) = (mount.source.wholeMatch(of: share) != nil, "//nas/backup")
        }
        // A blank at its end would not reach the program that mounts.
        let isPlain = !mount.source.leadsUp && !mount.source.hasSuffix(" ")
        guard !isSource || !isPlain else { return }
        cursor["source"]?.error(
            "'\(mount.source)' is not a share of type '\(mount.type.rawValue)'", hint: "write one such as '\(example)'")
    }

    private static func checkUser(of mount: MountPlan, _ cursor: PlanCursor) {
        switch mount.type {
        case .nfs:
            for key in ["username", "password", "domain"] {
                cursor[key]?.error(
                    "a mount of type 'nfs' has no '\(key)'",
                    hint: "remove it: an NFS server knows hosts by their addresses ('sec' is an option)")
            }
        case .smb:
            guard mount.username == nil || mount.password == nil else { return }
            cursor.error(
                "a mount of type 'smb' needs 'username' and 'password'",
                hint: "add them, the password as a secret: \"password\": \"${secret:nas}\"")
        }
    }
}

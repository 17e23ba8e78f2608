public import Model

/// Which machines may run the plan of a host, as `hostKey` in `hosts/NAME.json` says.
public enum HostKeyPin {
    static let key = "hostKey"

    /// The line for the entry of the machine whose public key is `key`.
    public static func line(_ publicKey: String) -> String { "\"\(Self.key)\": \"\(publicKey)\"" }

    /// What keeps the machine whose public key is `own` from running `plan`; `nil` when nothing does.
    public static func problem(of plan: ResolvedPlan, on own: String) -> PlanProblem? {
        guard let pinned = plan.hostKeys, !pinned.contains(where: { material(of: $0) == material(of: own) }) else {
            return nil
        }
        let shown = pinned.map { "'\(material(of: $0))'" }.joined(separator: ", ")
        return PlanProblem(
            file: file(of: plan.host), pointer: "/\(key)",
            message: "host '\(plan.host)' is another machine: its key is \(shown), this machine's is "
                + "'\(material(of: own))'",
            hint: "give this machine a name of its own in the repo; where it takes the place of the other one, which "
                + "must not run any more, commit \(line(material(of: own))) ('fairlead host-key')")
    }

    /// Without a comment.
    private static func material(of key: String) -> String {
        key.split(separator: " ").prefix(2).joined(separator: " ")
    }

    static func file(of host: String) -> String { "\(PlanResolver.hostDirectory)/\(host).json" }
}

extension PlanDraft {
    /// For all hosts at once it would say nothing.
    func checkHostKey() throws {
        guard let cursor = root[HostKeyPin.key] else { return }
        let file = HostKeyPin.file(of: plan.host)
        let entry = try repository.content(of: file).flatMap { try? JSONDocument(file: file, bytes: $0) }
        guard entry?.value[HostKeyPin.key] == nil else { return }
        cursor.error(
            "'hostKey' is written for all hosts",
            hint: "write it into the 'hosts/NAME.json' of the machine with that key")
    }
}

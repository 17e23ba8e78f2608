internal import Model

/// Which host of a customer repo takes over the stack of which other one, as `replaces` in `hosts/NAME.json` says.
struct Succession {
    static let key = "replaces"

    /// By the name of the new host.
    private let replaced: [String: String]

    /// An entry that cannot be read replaces nothing: that is a problem of its own host. Throws what the repository
    /// throws.
    init(_ repository: RepositoryIndex) throws {
        var replaced: [String: String] = [:]
        for host in repository.hosts {
            let file = "\(PlanResolver.hostDirectory)/\(host).json"
            guard repository[file]?.isForeign == false, let bytes = try repository.content(of: file) else { continue }
            replaced[host] = Self.replaced(in: bytes, file: file)
        }
        self.replaced = replaced
    }

    fileprivate static func replaced(in entry: [UInt8], file: String) -> String? {
        (try? JSONDocument(file: file, bytes: entry))?.value[key]?.string
    }

    func replaced(by host: String) -> String? { replaced[host] }

    /// The hosts that want to take over the stack of `host`, by name; one is as it should be.
    func successors(of host: String) -> [String] { replaced.filter { $0.value == host }.map(\.key).sorted() }

    /// What is wrong with the `replaces` of `host`, and what to write instead; `nil` when nothing is.
    func problem(of host: String) -> (message: String, hint: String)? {
        guard let old = replaced[host] else { return nil }
        if old == host {
            return ("host '\(host)' replaces itself", "name the host whose stack it takes over, or remove 'replaces'")
        }
        let rivals = successors(of: old)
        if rivals.count > 1 {
            return (
                "\(rivals.quotedList) both replace host '\(old)'",
                "let one of them take over its stack, and remove 'replaces' from the others"
            )
        }
        guard let circle = circle(from: host) else { return nil }
        return (
            "the hosts \(circle.quotedList) replace each other",
            "remove 'replaces' from the entry of the host that is to give its stack away"
        )
    }

    /// The hosts that lead back to `host`.
    private func circle(from host: String) -> [String]? {
        var seen = [host]
        while let next = seen.last.flatMap({ replaced[$0] }) {
            if next == host { return seen.sorted() }
            guard !seen.contains(next) else { return nil }
            seen.append(next)
        }
        return nil
    }
}

extension PlanResolver {
    /// The host that takes over the stack of `host`, which need not have an entry any more; `nil` when none does.
    /// Throws `PlanProblems` when that is not clear.
    public func successor(of host: String) throws -> String? {
        let succession = try Succession(RepositoryIndex(tree))
        let successors = succession.successors(of: host)
        for successor in successors {
            guard let problem = succession.problem(of: successor) else { continue }
            throw PlanProblems([
                PlanProblem(
                    file: "\(Self.hostDirectory)/\(successor).json", pointer: "/\(Succession.key)",
                    message: problem.message, hint: problem.hint)
            ])
        }
        return successors.first
    }

    /// The host whose stack `host` takes over, whether or not the rest of its entry is in order.
    /// Reads one file only.
    public func replaced(by host: String) throws -> String? {
        let file = "\(Self.hostDirectory)/\(host).json"
        return try tree.content(of: file).flatMap { Succession.replaced(in: $0, file: file) }
    }
}

extension PlanDraft {
    func checkSuccession() throws {
        guard let cursor = root[Succession.key], let old = cursor.text else { return }
        let succession = try Succession(repository)
        guard succession.replaced(by: plan.host) == old else {
            return cursor.error(
                "'replaces' is written for all hosts",
                hint: "write it, as plain text, into the 'hosts/NAME.json' of the host that takes over")
        }
        if let problem = succession.problem(of: plan.host) { return cursor.error(problem.message, hint: problem.hint) }
        let others = repository.hosts.filter { $0 != plan.host }
        guard !others.contains(old) else { return }
        let meant = Suggestion.closest(to: old, among: others).map { "did you mean '\($0)'? " } ?? ""
        cursor.warning(
            "host '\(old)', which is replaced, is not in the repo",
            hint: "\(meant)it has to be the name under which its backups were made")
    }
}

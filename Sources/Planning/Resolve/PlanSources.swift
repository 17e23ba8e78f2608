internal import Model

/// The parsed files that one host's plan is made of.
struct PlanSources {
    let plan: JSONDocument
    let overlay: JSONDocument?
    /// As chosen by the host, else by the plan.
    let size: String?

    /// Throws `PlanProblems` when a file is missing or is no JSON object; both files are looked at before.
    init(_ repository: RepositoryIndex, host: String) throws {
        var problems: [PlanProblem] = []
        let plan = try Self.collect(&problems) { try Self.document(PlanResolver.planFile, in: repository) }
        let overlay = try Self.collect(&problems) { try Self.overlay(of: host, in: repository) }
        guard let plan, let overlay, problems.isEmpty else { throw PlanProblems(problems) }
        self.init(plan: plan, overlay: overlay)
    }

    /// Without an overlay, `size` in place of the plan's own: for checking a size that no host uses.
    init(plan: JSONDocument, size: String?) {
        self.plan = plan
        self.overlay = nil
        self.size = size
    }

    private init(plan: JSONDocument, overlay: JSONDocument) {
        self.plan = plan
        self.overlay = overlay
        let chosen = overlay.value["size"] ?? plan.value["size"]
        size = chosen?.string
    }

    /// Throws `PlanProblems` unless the file is there and holds an object.
    static func document(_ file: String, in repository: RepositoryIndex) throws -> JSONDocument {
        if let foreign = repository.foreignPart(of: file) {
            throw PlanProblems([
                PlanProblem(
                    file: file, message: "'\(foreign.path)' is a \(foreign.kindName)",
                    hint: "commit the content itself in its place")
            ])
        }
        guard let bytes = try repository.content(of: file) else {
            throw PlanProblems([
                PlanProblem(file: file, message: "the repo has no '\(file)'", hint: "commit it at the root of the repo")
            ])
        }
        do throws(LargeFilePointer) {
            try LargeFilePointer.refuse(bytes, of: file)
        } catch {
            throw PlanProblems([PlanProblem(file: file, message: error.message, hint: error.hint)])
        }
        let document = try JSONDocument(file: file, bytes: bytes)
        guard document.value.isObject else {
            throw PlanProblems([PlanProblem(file: file, line: 1, message: "is no JSON object", hint: "write {…}")])
        }
        guard let list = document.value.longList(above: longestList) else { return document }
        throw PlanProblems([
            PlanProblem(
                file: file, line: document.position(of: list)?.line, pointer: list,
                message: "is a list with more than \(longestList) elements", hint: "write fewer")
        ])
    }

    /// The elements of a list are compared with each other: a hostile plan must not keep a host busy for hours.
    private static let longestList = 1000

    private static func overlay(of host: String, in repository: RepositoryIndex) throws -> JSONDocument {
        let file = "\(PlanResolver.hostDirectory)/\(host).json"
        guard RepositoryPath(file) != nil, !host.contains("/") else {
            throw PlanProblems([
                PlanProblem(
                    file: PlanResolver.hostDirectory, message: "'\(host)' cannot be the name of a host",
                    hint: Self.hostHint(host, repository.hosts))
            ])
        }
        guard repository[file] != nil || repository.foreignPart(of: file) != nil else {
            throw PlanProblems([
                PlanProblem(
                    file: file, message: "host '\(host)' is not in the repo",
                    hint: Self.hostHint(host, repository.hosts))
            ])
        }
        return try document(file, in: repository)
    }

    private static func hostHint(_ host: String, _ hosts: [String]) -> String {
        guard !hosts.isEmpty else { return "the repo has no hosts; add 'hosts/\(host).json' with '{}'" }
        let list = "the repo has \(hosts.quotedList)"
        return Suggestion.closest(to: host, among: hosts).map { "did you mean '\($0)'? \(list)" }
            ?? "\(list); add 'hosts/\(host).json', or correct the host name of this VSN"
    }

    private static func collect<Value>(_ problems: inout [PlanProblem], _ work: () throws -> Value) throws -> Value? {
        do {
            return try work()
        } catch let found as PlanProblems {
            problems += found.problems
            return nil
        }
    }
}

extension JSONValue {
    /// Where the first list with more than `count` elements stands.
    fileprivate func longList(above count: Int, at pointer: String = "") -> String? {
        switch self {
        case .array(let elements):
            if elements.count > count { return pointer }
            return elements.enumerated().lazy.compactMap { $1.longList(above: count, at: "\(pointer)/\($0)") }.first
        case .object(let members):
            return members.lazy
                .compactMap { $1.longList(above: count, at: JSONPointer.child($0, of: pointer)) }.first
        default: return nil
        }
    }
}

public import Files
public import Model

/// Looks at data directories, and keeps what they were in the file beside them.
public struct DataLook: Sendable {
    private let host: HostSystem
    /// One that does not answer for so long cannot be read.
    package var patience: Duration = .seconds(60)

    public init(_ host: HostSystem) { self.host = host }

    /// What lies in the data directories `names` of `plan`, beside what is known of them: by default from that file.
    public func findings(
        on names: Set<String>, in plan: ResolvedPlan, known: [String: DataMark]? = nil
    ) async throws(HostError) -> [String: DataFinding] {
        let marks = if let known { known } else { try await remembered(of: plan.stack) }
        return try await findings(
            on: names, of: plan.stack, known: marks, mayBeEmpty: plan.dataNamesThatMayBeEmpty)
    }

    /// The same without a plan; `mayBeEmpty` are the names of those that a service may leave empty.
    public func findings(
        on names: Set<String>, of stack: String, known: [String: DataMark], mayBeEmpty: Set<String> = []
    ) async throws(HostError) -> [String: DataFinding] {
        await withTaskGroup(of: (String, DataFinding).self) { group in
            for name in names {
                group.addTask {
                    (name, await finding(on: name, of: stack, known[name], mayBeEmpty: mayBeEmpty.contains(name)))
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// One that does not answer keeps nobody from looking at the others either.
    private func finding(
        on name: String, of stack: String, _ known: DataMark?, mayBeEmpty: Bool
    ) async -> DataFinding {
        let directories = host.dataDirectories(of: stack)
        let path = directories.path(of: name)
        do {
            return try await BlockingWork.run("look at '\(path)'", at: path, deadline: patience) {
                () throws(HostError) in
                directories.finding(on: name, known: known, mayBeEmpty: mayBeEmpty)
            }
        } catch {
            return DataFinding(condition: .unreadable, known: known, mayBeEmpty: mayBeEmpty)
        }
    }

    /// What the file beside the data directories of `stack` says of them.
    public func remembered(of stack: String) async throws(HostError) -> [String: DataMark] {
        let file = DataMarkFile(stackDirectory: host.dataDirectories(of: stack).stackDirectory)
        return try await BlockingWork.run(
            "read what the data directories were", at: file.stackDirectory, deadline: patience
        ) { () throws(HostError) in try file.read() }
    }

    /// Replaces it.
    public func remember(_ marks: [String: DataMark], of stack: String) async throws(HostError) {
        let file = DataMarkFile(stackDirectory: host.dataDirectories(of: stack).stackDirectory)
        try await BlockingWork.run("note what the data directories are") { () throws(HostError) in
            try file.write(marks)
        }
    }

    /// The stacks in the data root of whose data directories something is remembered.
    public func stacks() async throws(HostError) -> Set<String> {
        let root = host.configuration.dataRoot
        return try await BlockingWork.run("look at the data root") { () throws(HostError) in
            var stacks: Set<String> = []
            for name in try DirectoryContent.names(in: root) where PathName.isPlainName(name) {
                guard try FileStatus.at("\(root)/\(name)").kind == .directory else { continue }
                let marks = try DataMarkFile(stackDirectory: "\(root)/\(name)").read()
                if !marks.isEmpty { stacks.insert(name) }
            }
            return stacks
        }
    }
}

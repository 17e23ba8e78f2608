internal import Glibc
public import Planning

/// Fills data directories from the backups of their stack, as a part of every deployment.
///
/// What is fetched lies beside its data directory until all of it is checked: a data directory is missing, empty, or
/// whole.
public struct DataRestore: Sendable {
    let host: HostSystem
    let identity: BackupIdentity
    /// Whose backups are read; that of the plan when `nil`.
    let archivedStack: String?
    let now: @Sendable () -> Timestamp

    /// `archivedStack`: whose backups are read, where that is not the stack of the plan.
    public init(
        host: HostSystem, archivedStack: String? = nil, now: @escaping @Sendable () -> Timestamp
    ) {
        self.host = host
        self.archivedStack = archivedStack
        self.now = now
        identity = BackupIdentity(host.configuration)
    }

    /// What lies in the data directories `names` of `plan`.
    public func conditions(
        of names: Set<String>, in plan: ResolvedPlan
    ) async throws(HostError) -> [String: DataCondition] {
        let directory = stackDirectory(of: plan.stack)
        return try await BlockingWork.run("look at the data directories") { () throws(HostError) in
            var conditions: [String: DataCondition] = [:]
            for name in names { conditions[name] = try Self.condition(of: "\(directory)/\(name)") }
            return conditions
        }
    }

    private static func condition(of path: String) throws(HostError) -> DataCondition {
        if try RestoreMark.isSet(for: path) { return .unfinished }
        guard try FileStatus.at(path).kind != .missing else { return .missing }
        return try DirectoryContent.names(in: path).isEmpty ? .empty : .filled
    }

    func stackDirectory(of stack: String) -> String { host.dataDirectories(of: stack).stackDirectory }

    /// Everything that earlier deployments fetched for `stack`.
    func staged(of stack: String) throws(HostError) -> [StagedData] {
        let directory = stackDirectory(of: stack)
        return try DirectoryContent.names(in: directory).sorted().compactMap {
            StagedData(named: $0, in: directory)
        }
    }

    func remove(_ staged: StagedData) async throws(HostError) {
        try await BlockingWork.run("remove '\(staged.path)'", deadline: .seconds(3600)) { () throws(HostError) in
            try staged.remove()
        }
    }
}

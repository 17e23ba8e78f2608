public import Files
internal import Glibc
public import HostSystem
public import Model

/// Fills data directories from the backups of their stack, as a part of every deployment.
///
/// What is fetched lies beside its data directory until all of it is checked: a data directory is missing, empty, or
/// whole.
public struct DataRestore: Sendable {
    let host: HostSystem
    let identity: BackupIdentity
    let now: @Sendable () -> Timestamp
    let purpose: RestorePurpose
    let history: BackupHistory?

    /// `history`: whether what is deployed contains a commit; `nil` where that is not asked.
    public init(
        host: HostSystem, now: @escaping @Sendable () -> Timestamp, history: BackupHistory? = nil
    ) {
        self.init(host: host, purpose: .deployment, now: now, history: history)
    }

    /// For a plan whose stack has another name than `stack`, whose backups are read.
    public init(host: HostSystem, rehearsing stack: String, now: @escaping @Sendable () -> Timestamp) {
        self.init(host: host, purpose: .rehearsal(of: stack), now: now)
    }

    init(
        host: HostSystem, purpose: RestorePurpose, now: @escaping @Sendable () -> Timestamp,
        history: BackupHistory? = nil
    ) {
        self.history = history
        self.host = host
        self.now = now
        self.purpose = purpose
        identity = BackupIdentity(host.configuration)
    }

    /// What lies in the data directories `names` of `plan`.
    public func conditions(
        of names: Set<String>, in plan: ResolvedPlan
    ) async throws(HostError) -> [String: DataCondition] {
        let directory = stackDirectory(of: plan.stack)
        return try await BlockingWork.run("look at the data directories") { () throws(HostError) in
            var conditions: [String: DataCondition] = [:]
            for name in names { conditions[name] = try DataDirectories.condition(of: "\(directory)/\(name)") }
            return conditions
        }
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

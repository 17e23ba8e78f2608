internal import Files
public import HostSystem
public import Model

extension HostSystem {
    /// What is wrong with this host for `plan`, all of it at once: root, programs, free space, host paths, data
    /// directories, what its backups need, and busy ports. Empty when nothing (S8).
    public func problems(for plan: ResolvedPlan, secrets: Secrets = Secrets()) async -> [HostProblem] {
        do {
            return try await ownProblems(of: plan)
                + (await BackupReadiness(host: self, plan: plan, secrets: secrets).problems())
                + (await portProblems(of: plan))
        } catch {
            return [HostProblem(error)]
        }
    }
}

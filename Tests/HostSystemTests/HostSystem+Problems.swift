import Files
import HostSystem
import Model

extension HostSystem {
    /// As a deployment asks, but for what jobs and backups need.
    func problems(for plan: ResolvedPlan) async -> [HostProblem] {
        do {
            return try await ownProblems(of: plan) + (await portProblems(of: plan))
        } catch {
            return [HostProblem(error)]
        }
    }
}

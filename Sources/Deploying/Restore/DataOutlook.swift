public import Planning

/// What can be said of the data before a deployment begins.
public enum DataOutlook {
    /// Why the whole stack would not be deployed as `wanted` after `deployed`, whatever else is right; `nil` where its data
    /// directories are what they were. `findings`: of those of `wanted` that are not renamed by it.
    public static func refusal(
        of wanted: ResolvedPlan, after deployed: ResolvedPlan, findings: [String: DataFinding]
    ) -> DeploymentError? {
        let restores = wanted.restoresData
        let choice = RestoreChoice.about(
            findings, inUse: deployed.dataNames(in: wanted.stack), trigger: .commit, restores: restores)
        guard case .lost(let losses) = choice else { return nil }
        return .lostData(losses, restores: restores)
    }
}

public import Model

/// The vendor's files of a release, kept on this host for the containers that mount them.
public protocol ReleaseFiles: Sendable {
    /// Sees to it that what the containers `names` of `plan` mount of its release lies on this host, whole and signed by
    /// the vendor; what is missing or damaged is fetched. `note` is told what an operator should know.
    func prepareReleaseFiles(
        for names: Set<String>, of plan: ResolvedPlan, secrets: Secrets, note: @escaping @Sendable (String) -> Void
    ) async throws
    /// Removes those of all other versions.
    func keepReleaseFiles(of versions: Set<String>) async throws
}

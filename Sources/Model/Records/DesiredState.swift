/// All that decides whether something has to be deployed.
public struct DesiredState: Codable, Hashable, Sendable {
    public var plan: ResolvedPlan
    /// Keyed digests of the values of the secrets that the plan refers to, by name.
    public var secretDigests: [String: String]

    public init(plan: ResolvedPlan, secretDigests: [String: String] = [:]) {
        self.plan = plan
        self.secretDigests = secretDigests
    }
}

/// The stack as it was last deployed successfully.
public struct DeployedState: Codable, Hashable, Sendable {
    public var desired: DesiredState
    public var commit: CommitID
    public var deployment: Int64
    /// The images that its containers run, by container name.
    public var images: [String: StoredImage]

    public init(desired: DesiredState, commit: CommitID, deployment: Int64, images: [String: StoredImage]) {
        self.desired = desired
        self.commit = commit
        self.deployment = deployment
        self.images = images
    }
}

internal import Model

/// Turns one container of a resolved plan into what the engine creates.
struct SpecBuilder {
    let plan: ResolvedPlan
    let commit: CommitID
    let deployment: Int64
    let secrets: Secrets
    /// The exported tree of the commit; `nil` when the plan mounts no files.
    let tree: String?
    /// Host paths of mounted secrets, by container and target.
    let secretFiles: [String: [String: String]]
    let volumeDirectory: @Sendable (VolumePlan) -> String
    /// Whether systemd's journal runs on this host.
    var hasJournal = false

    /// Throws when a secret is missing.
    func spec(_ name: String, _ container: ContainerPlan, image: StoredImage) throws -> ContainerSpec {
        var spec = ContainerSpec(
            name: plan.hostName(of: name), image: image.id, network: plan.networkName, plan: container)
        spec.environment = try environment(name, container, image)
        spec.mounts = mounts(name, container)
        spec.aliases = [name]
        spec.labels = container.labels.merging(labels(name)) { $1 }
        spec.userNamespace = plan.idRanges[name]
        spec.hostname = container.hostname ?? name
        spec.logs = ContainerLog(container.logs, hasJournal: hasJournal)
        spec.capabilities = container.privileged ? container.capabilities : container.capabilities.confined
        spec.allowsPrivilegeEscalation = container.privileged || container.allowPrivilegeEscalation == true
        return spec
    }

    private func labels(_ name: String) -> [String: String] {
        [
            FairleadLabel.stack: plan.stack, FairleadLabel.container: name, FairleadLabel.commit: commit.hex,
            FairleadLabel.deployment: String(deployment),
        ]
    }

    private func environment(
        _ name: String, _ container: ContainerPlan, _ image: StoredImage
    ) throws -> [String: String] {
        let standard = StandardEnvironment(plan: plan, container: name, image: image).variables
        return try ownEnvironment(name, container).merging(standard) { own, _ in own }
    }

    private func ownEnvironment(_ name: String, _ container: ContainerPlan) throws -> [String: String] {
        try container.environment.mapValues { text in
            guard let value = text.value(with: secrets) else {
                throw DeploymentError.missingSecret(text.references.first { secrets[$0] == nil } ?? "", of: name)
            }
            return value
        }
    }

    private func mounts(_ name: String, _ container: ContainerPlan) -> [MountSpec] {
        let volumes = container.volumes.map {
            MountSpec(source: volumeDirectory($0), target: $0.target, readOnly: $0.readOnly, keepsOwners: true)
        }
        let files = container.files.compactMap { file in
            tree.map {
                MountSpec(source: "\($0)/\(file.source)", target: file.target, readOnly: true, keepsOwners: true)
            }
        }
        // Written for this container: they belong to whom its owner is on the host.
        let secrets = (secretFiles[name] ?? [:]).map { MountSpec(source: $1, target: $0, readOnly: true) }
        return volumes + files + secrets.sorted { $0.target < $1.target }
    }
}

extension DeploymentError {
    static func missingSecret(_ secret: String, of subject: String) -> DeploymentError {
        DeploymentError(
            "secret '\(secret)', which '\(subject)' refers to, does not exist",
            hint: "add it to secrets.json.age or to the secrets file of the VSN, or remove the reference",
            disposition: .permanent)
    }
}

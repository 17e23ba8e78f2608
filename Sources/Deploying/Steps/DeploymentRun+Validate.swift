internal import Model

/// What step 1 hands on: everything that can fail early has passed.
struct PreparedStack: Sendable {
    /// With the health checks that images bring.
    let plan: ResolvedPlan
    let commit: CommitID
    let secrets: Secrets
    let images: [String: StoredImage]
    /// The exported tree; `nil` when no container mounts files of the repo.
    let tree: String?
    /// Whether systemd's journal runs on this host: looked at once, so that all containers of a deployment write to the same place.
    let hasJournal: Bool
    /// Whether the git server answered before anything was stopped; not asked where nothing follows from it.
    var repositoryAnswered = false
    /// What the network of the stack must not hold.
    var needed: [NeededAddress] = []
    /// The addresses of containers that are replaced alone, by container.
    var addresses: [String: Set<String>] = [:]
}

extension DeploymentRun {
    /// Step 1: checks the host, exports the files, brings every image, the vendor's files and the data of backups, and last
    /// applies the host's settings.
    /// The running stack is not touched.
    func validate() async throws -> PreparedStack {
        // For this alone they are ended, whatever else the host is not ready for. A start and a repair rename nothing.
        if request.hasStrays { try await dataToFill(except: []) }
        try checkSecrets()
        let needed = await neededAddresses()
        try await checkHost(for: plan, needed)
        try await checkForeigners()
        let renamed = Set(try await DataRenames(of: self).check().map(\.to.name))
        // Before images are brought, which may take long; and again when they are there.
        try await dataToFill(except: renamed)
        let tree = try await exportTree()
        let images = try await bringImages(tree: tree)
        let completed = plan.completed(by: images)
        // The host's health check asks by a program that the plan alone did not need.
        if completed.asksWithHTTP, !plan.asksWithHTTP { try await checkHost(for: completed, needed) }
        try await UnmountedData(run: self).check()
        // Podman does not fsync: without this a power cut leaves images that are listed but empty.
        try await ports.host.syncEngineStorage()
        try await ports.ledger.storageSynced(for: id)
        try preemption.check()
        try await ReleasePreparation(run: self).prepare(targets, of: plan, secrets: request.secrets)
        var stack = PreparedStack(
            plan: completed, commit: request.commit, secrets: request.secrets, images: images,
            tree: tree, hasJournal: options.hasJournal(), needed: needed)
        try await tryUserNamespaces(of: stack)
        try await fetchData(except: renamed)
        try await SnapshotKeeper(run: self).prepare()
        stack.repositoryAnswered = try await applyHostSettingsAnswering()
        stack.addresses = try await ContainerAddresses(run: self, plan: plan).present()
        return stack
    }

    /// An engine or a file system that cannot map user ids fails to start the container, or says nothing and shows it its own files
    /// as a stranger's.
    private func tryUserNamespaces(of stack: PreparedStack) async throws {
        let specs = try specs(of: stack, secretFiles: [:], NetworkPlace()).values.filter { $0.userNamespace != nil }
        try await inParallelToTheEnd(specs.sorted { $0.name < $1.name }, limit: options.parallelism) { spec in
            try preemption.check()
            try await ports.namespaces.tryUserNamespace(spec)
        }
    }

    /// Pulls, downloads and builds may take an hour each; a newer commit ends them.
    private func bringImages(tree: String?) async throws -> [String: StoredImage] {
        let result = await preemptible { try await acquireImages(tree: tree) }
        try Task.checkCancellation()
        return try result.get()
    }

    private func checkSecrets() throws {
        for (name, container) in plan.containers.sorted(by: { $0.key < $1.key }) {
            let references = container.environment.values.flatMap(\.references) + container.secretFiles.map(\.secret)
            if let missing = references.first(where: { request.secrets[$0] == nil }) {
                throw DeploymentError.missingSecret(missing, of: name)
            }
        }
    }

    private func checkHost(for plan: ResolvedPlan, _ addresses: [NeededAddress]) async throws {
        var needed = request.restarts ? ownPart(of: plan) : plan
        if request.restarts {
            needed.maintenance = nil
            needed.removeChannels()
            needed.hostSettings = nil
        }
        // Nothing that has to run now waits for what backups need.
        if request.restarts || request.stackWasTouched { needed.backup = nil }
        var problems = await ports.host.problems(for: needed, secrets: request.secrets)
        problems += await ports.jobs.problems(of: needed)
        problems += lifelineCheck.subnetProblems(addresses)
        guard !problems.isEmpty else { return }
        throw DeploymentError(
            "this host is not ready: " + problems.map(\.message).joined(separator: "; "),
            hint: problems.map(\.hint).filter { !$0.isEmpty }.joined(separator: "; "), disposition: .transient)
    }

    private func exportTree() async throws -> String? {
        let needed = plan.containers.contains { name, container in
            if case .build = plan.image(of: name) { return true }
            return !container.files.isEmpty
        }
        return needed ? try await ports.trees.tree(of: request.commit) : nil
    }
}

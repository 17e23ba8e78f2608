internal import Model

/// What step 3 hands on: created containers, not all of them started.
struct CreatedStack: Sendable {
    let prepared: PreparedStack
    /// Engine ids by container.
    let ids: [String: String]
}

extension DeploymentRun {
    /// Step 3: restored and missing data directories, network, and every container, created but not started.
    func create(_ prepared: PreparedStack) async throws -> CreatedStack {
        let part = ownPart(of: prepared.plan)
        try await ports.data.beginFilling(part)
        try await placeData(of: prepared.plan)
        for directory in try await ports.host.createDataDirectories(for: part) {
            ports.observer.deployment(.note("created data directory '\(directory)'"))
        }
        try await ports.data.remember(part.dataNames, of: prepared.plan)
        options.checkpoint("data remembered")
        let secretFiles = try await ports.host.writeSecretFiles(for: prepared.plan, secrets: prepared.secrets)
        if request.replacing == nil { try await createNetwork(prepared) }
        try await BridgeCare(ports: ports).makeWhole(prepared.plan.networkName)
        let place = try await ContainerAddresses(run: self, plan: prepared.plan)
            .choose(for: Set(part.containers.keys), present: prepared.addresses)
        let specs = try specs(of: prepared, secretFiles: secretFiles, place)
        let names = specs.keys.sorted()
        // A failure does not cancel the others: the engine would go on creating, and a roll back would not see it yet.
        let creations = try await inParallel(names, limit: options.parallelism) { name in
            await created(name, specs[name])
        }
        let ids = try creations.map { try $0.get() }
        return CreatedStack(prepared: prepared, ids: Dictionary(uniqueKeysWithValues: zip(names, ids)))
    }

    private func created(_ name: String, _ spec: ContainerSpec?) async -> Result<String, any Error> {
        do {
            guard let spec else { return .success("") }
            let id = try await ports.containers.create(spec)
            try await record(.created, name)
            return .success(id)
        } catch {
            return .failure(error)
        }
    }

    private func createNetwork(_ prepared: PreparedStack) async throws {
        let plan = prepared.plan
        try await NetworkCreation(networks: ports.networks).create(
            name: plan.networkName, as: plan.network, labels: [FairleadLabel.stack: plan.stack],
            resolvesNames: plan.hasNameServer
        ) { error in
            try preemption.check()
            ports.observer.deployment(.note("\(error)"))
        }
        options.checkpoint("network created")
        guard !prepared.needed.isEmpty else { return }
        let own = try await ports.networks.allNetworks().filter { $0.name == plan.networkName }
        try lifelineCheck.check(own.flatMap(\.subnets), prepared.needed)
    }

    func specs(
        of prepared: PreparedStack, secretFiles: [String: [String: String]], _ place: NetworkPlace
    ) throws -> [String: ContainerSpec] {
        let host = ports.host
        let plan = prepared.plan
        let builder = SpecBuilder(
            plan: plan, commit: prepared.commit, deployment: id, secrets: prepared.secrets,
            tree: prepared.tree, secretFiles: secretFiles,
            volumeDirectory: { host.directory(of: $0, in: plan) }, hasJournal: prepared.hasJournal)
        var specs: [String: ContainerSpec] = [:]
        for (name, container) in prepared.plan.containers where isReplaced(name, in: prepared.plan) {
            guard let image = prepared.images[name] else { continue }
            specs[name] = place.applied(to: try builder.spec(name, container, image: image), name)
        }
        return specs
    }

    /// A repair makes no empty directory for a container that it leaves alone, and is kept from nothing by what that one lacks.
    func ownPart(of plan: ResolvedPlan) -> ResolvedPlan {
        var part = plan
        part.containers = plan.containers.filter { isReplaced($0.key, in: plan) }
        return part
    }

    private func isReplaced(_ name: String, in plan: ResolvedPlan) -> Bool {
        request.replacing?.contains(name) ?? (plan.containers[name] != nil)
    }
}

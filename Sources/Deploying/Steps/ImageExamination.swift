internal import Model
internal import Planning

/// Step 1's look at what images say of themselves: what could not be started is refused while the stack runs.
struct ImageExamination: Sendable {
    let run: DeploymentRun

    /// `image` by container, with what that one goes by; throws what would keep one of `containers` from starting.
    func examined(_ image: StoredImage, for containers: [String]) async throws -> [String: StoredImage] {
        let facts = keepsWhatWasKnown ? known(for: containers) : try await facts(of: image, for: containers)
        var images: [String: StoredImage] = [:]
        for name in containers {
            var own = image
            own.facts = facts[name]
            images[name] = own
        }
        return images
    }

    /// What ran before is started as it ran.
    private var keepsWhatWasKnown: Bool { run.request.trigger.purpose.startsWhatRan }

    private func known(for containers: [String]) -> [String: ImageFacts] {
        run.request.knownImages.filter { containers.contains($0.key) }.compactMapValues(\.facts)
    }

    private func facts(of image: StoredImage, for containers: [String]) async throws -> [String: ImageFacts] {
        guard let configuration = try await run.ports.imageInsight.configuration(ofImage: image.id) else { return [:] }
        let files = ImageLayers(configuration.layers)
        let checks = containers.compactMap { name in
            ImageCheck(
                configuration, of: name, in: run.plan, files: files, asksLabels: run.options.policy.imageContract
            ).map { (name: name, check: $0) }
        }
        for (name, check) in checks {
            if let obstacle = check.obstacle(on: run.options.platform(), under: run.options.policy) {
                throw error(obstacle, name)
            }
        }
        try await lookForUsers(checks, in: image)
        for note in checks.flatMap(\.check.notes) { run.ports.observer.deployment(.note(note)) }
        return Dictionary(uniqueKeysWithValues: checks.map { ($0.name, $0.check.facts) })
    }

    /// An engine looks a user up when it starts the container; by then the old stack is gone. Numbers ask for nothing.
    private func lookForUsers(_ checks: [(name: String, check: ImageCheck)], in image: StoredImage) async throws {
        let named = checks.filter(\.check.asksForAccounts)
        guard let first = named.first else { return }
        try run.preemption.check()
        guard let accounts = try await run.ports.imageInsight.accounts(by: probe(of: first, image)) else {
            let names = named.map(\.name).quoted
            run.ports.observer.deployment(.note("whether the image knows the user of \(names) cannot be seen"))
            return
        }
        for (name, check) in named {
            if let obstacle = check.obstacle(among: accounts) { throw error(obstacle, name) }
        }
    }

    /// As the trial of a user namespace: no plan can name a container so, and what a crash leaves of it is seen and removed.
    private func probe(of container: (name: String, check: ImageCheck), _ image: StoredImage) -> ContainerSpec {
        var probe = ContainerSpec(
            name: "\(run.plan.hostName(of: container.name))_look", image: image.id, network: "none",
            plan: ContainerPlan(image: container.check.container.image))
        // With its own user, the engine could read nothing of it for want of that.
        probe.user = "0:0"
        probe.restarts = false
        probe.logs = .nowhere
        probe.`init` = false
        probe.labels = [FairleadLabel.stack: run.plan.stack]
        return probe
    }

    /// Under a tag a better one may come at any time, as the next try finds out.
    private func error(_ obstacle: ImageObstacle, _ name: String) -> DeploymentError {
        var mayChange = false
        if case .reference(let reference) = run.plan.image(of: name) { mayChange = reference.digest == nil }
        return DeploymentError(
            obstacle.message, hint: obstacle.hint, disposition: mayChange ? .transient : .permanent, lasts: mayChange)
    }
}

internal import Model

/// Files that a container wrote where its image declares a volume and the plan mounts nothing: they go with the container.
struct UnmountedData: Sendable {
    let run: DeploymentRun

    /// Throws while a container that would be removed holds such files, and the plan does not say that they may go.
    func check() async throws {
        for container in try await run.ports.containers.containers(label: FairleadLabel.stack, value: nil) {
            let name = container.planName
            guard run.request.replacing?.contains(name) ?? true else { continue }
            for path in try await written(in: container, name) {
                guard let error = try await refusal(path, in: container, name) else { continue }
                // What has to run now waits for nobody, and what is down already is removed in any case.
                if mayRefuse { throw error }
                run.ports.observer.deployment(.note(error.message))
            }
        }
    }

    private var mayRefuse: Bool {
        !run.request.trigger.purpose.startsWhatRan && !run.request.stackWasTouched
    }

    private func written(in container: ContainerStatus, _ name: String) async throws -> [String] {
        let insight = run.ports.imageInsight
        do {
            let volumes = try await insight.configuration(ofImage: container.imageID)?.facts.volumes ?? []
            guard !volumes.isEmpty else { return [] }
            let plans = [run.request.previous?.state.desired.plan, run.plan].compactMap { $0?.containers[name] }
            let mounts = plans.reduce(into: Set<String>()) { $0.formUnion($1.mountPoints) }
            return try await insight.writtenPaths(in: container.id, below: volumes, beside: mounts)
        } catch let error where error.failsStep {
            // An engine that cannot tell must not keep the stack from ever being mended.
            run.ports.observer.deployment(
                .note("what '\(name)' wrote into volumes of its image cannot be told: \(error)"))
            return []
        }
    }

    private func refusal(_ path: String, in container: ContainerStatus, _ name: String) async throws -> DeploymentError?
    {
        guard let wanted = run.plan.containers[name] else {
            run.ports.observer.deployment(.note("what '\(name)' wrote to '\(path)' goes with it"))
            return nil
        }
        if wanted.tmpfs.contains(where: { path.isAt($0.normalisedPath) }) { return nil }
        guard let volume = wanted.volumes.first(where: { path.isAt($0.target.normalisedPath) }) else {
            return refusal(path, in: container, name, mounts: nil)
        }
        guard case .data(let data) = volume.source else { return nil }
        let condition = try await run.ports.data.findings(on: [data], in: run.plan)[data]?.condition
        return condition == .missing || condition == .empty
            ? refusal(path, in: container, name, mounts: volume) : nil
    }

    private func refusal(
        _ path: String, in container: ContainerStatus, _ name: String, mounts volume: VolumePlan?
    ) -> DeploymentError {
        let place = volume ?? VolumePlan(source: .data(run.plan.freeDataName(for: name)), target: path)
        let directory = run.ports.host.directory(of: place, in: run.plan)
        let copy = "'mkdir -p \(directory) && podman cp \(container.name):\(path)/. \(directory)'"
        let message =
            "container '\(name)' has written to '\(path)', a volume of its image, where nothing is mounted: that goes "
            + "with the container"
        guard volume == nil else {
            return DeploymentError(
                "\(message), and its new data directory is empty", hint: "copy it there, \(copy), or remove it",
                disposition: .transient, lasts: true)
        }
        return DeploymentError(
            message,
            hint:
                "to keep it, copy it, \(copy), and add \(run.plan.volumeLine(for: name, at: path)) to 'volumes'; to let go of "
                + "it, add \"tmpfs\": [\"\(path)\"]", disposition: .transient, lasts: true)
    }
}

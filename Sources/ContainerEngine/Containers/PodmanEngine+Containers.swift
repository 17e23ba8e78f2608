internal import FoundationEssentials
public import Model

extension PodmanEngine {
    public func containers(label: String, value: String?) async throws(EngineError) -> [ContainerStatus] {
        let filter = value.map { "\(label)=\($0)" } ?? label
        return try await list(["all": "true", "filters": Route.filters("label", filter)])
    }

    public func allContainers() async throws(EngineError) -> [ContainerStatus] { try await list(["all": "true"]) }

    public func create(_ spec: ContainerSpec) async throws(EngineError) -> String {
        try await create(spec, joinsNetwork: true)
    }

    func create(_ spec: ContainerSpec, joinsNetwork: Bool) async throws(EngineError) -> String {
        let id = try await createUnseen(spec, joinsNetwork: joinsNetwork)
        try await refuseOrders(of: spec, in: id)
        return id
    }

    private func createUnseen(_ spec: ContainerSpec, joinsNetwork: Bool) async throws(EngineError) -> String {
        let route = Route(.post, "/containers/create", "create container '\(spec.name)'")
        let request = try route.with(json: CreateRequest(spec, joinsNetwork: joinsNetwork))
        // After a power cut Podman mends links of its storage when they are first needed, and two creations at once mend
        // the same ones: the slower one fails.
        for _ in 1...5 {
            do throws(EngineError) {
                return try await create(request)
            } catch {
                if error.message.contains("creating container storage: the container name"),
                    try await !exists(spec.name)
                {
                    // A power cut in the middle of its removal: Podman knows nothing of it any more, its storage does.
                    try await removeContainer(spec.name)
                    continue
                }
                guard error.message.contains("recreating the missing symlinks") else { throw error }
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
        return try await create(request)
    }

    private func create(_ request: Route) async throws(EngineError) -> String {
        let answer = try await transport.call(request, deadline: configuration.callDeadline * 2)
        return try answer.decoded(CreatedAnswer.self, request.action).id
    }

    /// No error when it runs already.
    public func start(_ id: String) async throws(EngineError) {
        try await transport.call(
            Route(.post, "/containers/\(Route.encoded(id))/start", "start container '\(id)'"), accepting: [304],
            deadline: configuration.callDeadline * 2)
    }

    /// A paused container is thawed first: the engine refuses to stop it, and frozen it could not end itself. No error
    /// when nothing of it is left to stop, whatever the engine calls it.
    public func stop(_ id: String, grace: PlanDuration) async throws(EngineError) {
        do throws(EngineError) {
            try await stopThawed(id, grace)
        } catch {
            guard let status = try? await inspect(id) else { throw error }
            if status.isOver { return }
            guard status.state == .paused else { throw error }
            try await transport.call(
                Route(.post, "/containers/\(Route.encoded(id))/unpause", "resume container '\(id)'"),
                accepting: [404, 409, 500])
            try await stopThawed(id, grace)
        }
    }

    private func stopThawed(_ id: String, _ grace: PlanDuration) async throws(EngineError) {
        // The API counts in whole seconds; a shorter grace than planned could cost data.
        let seconds = (grace.milliseconds + 999) / 1000
        let route = Route(
            .post, "/containers/\(Route.encoded(id))/stop", ["timeout": "\(seconds)"], "stop container '\(id)'")
        for _ in 0..<20 {
            let answer = try await transport.call(
                route, accepting: [304, 404], deadline: .seconds(seconds) + configuration.callDeadline)
            guard answer.status == 304, try await isCrashing(id) else { return }
        }
        throw EngineError(
            .crashing, "cannot \(route.action): it crashes and is started again all the time",
            hint: "remove it: 'podman rm --force \(id)'", disposition: .transient)
    }

    /// Between a crash and the next start a container counts as stopped, and is started again all the same. Returns as
    /// soon as it runs, since only then a stop reaches it.
    private func isCrashing(_ id: String) async throws(EngineError) -> Bool {
        guard let before = try await inspect(id), before.restarts > 0 else { return false }
        var after: ContainerStatus? = before
        for _ in 0..<25 {
            guard let seen = after, seen.state != .running else { break }
            do {
                try await Task.sleep(for: .milliseconds(10))
            } catch {
                throw EngineError(error, "stop container '\(id)'")
            }
            after = try await inspect(id)
        }
        guard let after else { return false }
        return after.restarts != before.restarts || after.state == .running
    }

    /// Whether a monitor of it lives, which holds its ports of the host, whatever the engine says.
    public static func hasMonitor(_ id: String) -> Bool { !Monitor.all(of: id).isEmpty }

    public func removeContainer(_ id: String) async throws(EngineError) {
        // One that crashes, or ends by itself at this moment, cannot be stopped, and a moment later it can.
        for _ in 1...20 {
            guard try await refusal(toRemove: id) != nil else { return await LeftMonitor.end(of: id) }
            try? await Task.sleep(for: .milliseconds(250))
        }
        if let refusal = try await refusal(toRemove: id) { throw refusal }
        await LeftMonitor.end(of: id)
    }

    /// Why it is still there. Podman tells that in an answer of success or of failure.
    private func refusal(toRemove id: String) async throws(EngineError) -> EngineError? {
        let action = "remove container '\(id)'"
        let answer = try await transport.call(
            Route(
                .delete, "/containers/\(Route.encoded(id))", ["force": "true", "v": "true", "timeout": "0"], action),
            accepting: [404, 409, 500], deadline: configuration.callDeadline * 2)
        if [409, 500].contains(answer.status) { return EngineError(answer: answer, action) }
        guard answer.status != 404, !answer.body.isEmpty else { return nil }
        let problems = (try? JSONDecoder().decode([RemovedAnswer].self, from: Data(answer.body))) ?? []
        // A container whose storage is damaged is removed all the same, with a complaint.
        if let problem = problems.compactMap(\.error).first, try await exists(id) {
            return EngineError(status: answer.status, said: problem, action)
        }
        return nil
    }

    private func exists(_ id: String) async throws(EngineError) -> Bool {
        let route = Route(.get, "/containers/\(Route.encoded(id))/exists", "look for container '\(id)'")
        return try await transport.call(route, accepting: [404]).status != 404
    }

    /// Podman looks at each container of its list, and one that is removed in between fails the whole answer of older versions.
    func list(_ query: KeyValuePairs<String, String>) async throws(EngineError) -> [ContainerStatus] {
        for _ in 1...9 {
            do throws(EngineError) {
                return try await listOnce(query)
            } catch {
                guard error.isOfGoneContainer else { throw error }
            }
        }
        return try await listOnce(query)
    }

    private func listOnce(_ query: KeyValuePairs<String, String>) async throws(EngineError) -> [ContainerStatus] {
        try await transport.call(
            Route(.get, "/containers/json", query, "list containers"), as: [ListedContainer].self
        ).map(\.status)
    }
}

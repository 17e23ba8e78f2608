internal import FoundationEssentials
public import Model

extension DockerEngine {
    public func containers(label: String, value: String?) async throws(EngineError) -> [ContainerStatus] {
        let filter = Route.filters("label", value.map { "\(label)=\($0)" } ?? label)
        return try await completed(try await list(["all": "1", "filters": filter]))
    }

    public func allContainers() async throws(EngineError) -> [ContainerStatus] {
        let listed = try await list(["all": "1"])
        let own = try await completed(listed.filter { $0.labels[FairleadLabel.stack] != nil })
        return own + listed.filter { $0.labels[FairleadLabel.stack] == nil }
    }

    /// The list tells neither restarts nor exit codes.
    private func completed(_ listed: [ContainerStatus]) async throws(EngineError) -> [ContainerStatus] {
        var found: [ContainerStatus] = []
        for container in listed {
            guard var status = try await inspect(container.id) else { continue }
            status.hostPorts = container.hostPorts
            status.address = nil
            found.append(status)
        }
        return found
    }

    public func create(_ spec: ContainerSpec) async throws(EngineError) -> String {
        try await tryUserNamespace(spec)
        let covers = try ImageVolumeCover.mounts(spec, volumes: try await volumes(of: spec.image, for: spec.name))
        let route = Route(.post, "/containers/create", ["name": spec.name], "create container '\(spec.name)'")
        let answer = try await transport.call(
            try route.with(json: DockerCreateRequest(spec, covers: covers)), deadline: configuration.callDeadline * 2)
        return try answer.decoded(CreatedAnswer.self, route.action).id
    }

    /// Refuses every container that asks for one.
    public func tryUserNamespace(_ spec: ContainerSpec) async throws(EngineError) {
        guard spec.userNamespace != nil else { return }
        throw EngineError(
            .refused(status: nil),
            "cannot give container '\(spec.name)' a user namespace of its own: Docker has one for all containers or for none",
            hint: "use Podman with 'crun', or leave 'userns' out of the plan")
    }

    /// Mount points that the image declares.
    private func volumes(of image: String, for name: String) async throws(EngineError) -> [String] {
        let action = "create container '\(name)'"
        let answer = try await transport.call(Route(.get, "/images/\(Route.encoded(image))/json", action))
        return try answer.decoded(DockerImageVolumes.self, action).paths
    }

    /// No error when it runs already.
    public func start(_ id: String) async throws(EngineError) {
        try await transport.call(
            Route(.post, "/containers/\(Route.encoded(id))/start", "start container '\(id)'"), accepting: [304],
            deadline: configuration.callDeadline * 2)
    }

    /// Also while it waits for its next start after a crash.
    public func stop(_ id: String, grace: PlanDuration) async throws(EngineError) {
        // The API counts in whole seconds; a shorter grace than planned could cost data.
        let seconds = (grace.milliseconds + 999) / 1000
        try await transport.call(
            Route(.post, "/containers/\(Route.encoded(id))/stop", ["t": "\(seconds)"], "stop container '\(id)'"),
            accepting: [304, 404], deadline: .seconds(seconds) + configuration.callDeadline)
    }

    public func removeContainer(_ id: String) async throws(EngineError) {
        let route = Route(
            .delete, "/containers/\(Route.encoded(id))", ["force": "1", "v": "1"], "remove container '\(id)'")
        try await transport.call(route, accepting: [404], deadline: configuration.callDeadline * 2)
    }

    func list(_ query: KeyValuePairs<String, String>) async throws(EngineError) -> [ContainerStatus] {
        try await transport.call(
            Route(.get, "/containers/json", query, "list containers"), as: [DockerListedContainer].self
        ).map(\.status)
    }
}

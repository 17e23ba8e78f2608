internal import Model

/// Starts a created stack in dependency order and passes every container through the health gate.
///
/// Both are one flow: a container starts the moment the last container that it depends on is healthy.
struct StackStart: Sendable {
    let run: DeploymentRun
    let stack: CreatedStack
    let gate: HealthGate

    private enum Message: Sendable {
        case started(String)
        case healthy(String)
    }

    /// `whenAllStarted` is called once, when the last container was started; it may still have to become healthy.
    func run(whenAllStarted: () async throws -> Void) async throws {
        let plan = stack.prepared.plan
        var schedule = StartSchedule(
            dependsOn: plan.containers.mapValues(\.dependsOn), starting: Set(stack.ids.keys),
            alreadyHealthy: Set(plan.containers.keys).subtracting(stack.ids.keys))
        try await withThrowingTaskGroup(of: Message.self) { group in
            var starting = Self.add(schedule.takeReady(), to: &group, start)
            while let message = try await group.next() {
                switch message {
                case .started(let name):
                    starting -= 1
                    group.addTask { try await becomeHealthy(name) }
                case .healthy(let name):
                    schedule.becameHealthy(name)
                    starting += Self.add(schedule.takeReady(), to: &group, start)
                }
                if case .started = message, starting == 0, schedule.allStarted { try await whenAllStarted() }
            }
        }
    }

    private static func add(
        _ names: [String], to group: inout ThrowingTaskGroup<Message, any Error>,
        _ work: @escaping @Sendable (String) async throws -> Message
    ) -> Int {
        for name in names { group.addTask { try await work(name) } }
        return names.count
    }

    private func start(_ name: String) async throws -> Message {
        try gate.preemption.check()
        guard let id = stack.ids[name] else { return .started(name) }
        let hostName = stack.prepared.plan.hostName(of: name)
        try await DeploymentError.naming(id, hostName) { try await run.start(id, hostName) }
        try await run.record(.started, name)
        return .started(name)
    }

    private func becomeHealthy(_ name: String) async throws -> Message {
        guard let id = stack.ids[name] else { return .healthy(name) }
        let plan = stack.prepared.plan
        let isHealthy = { try await gate.pass(name, id: id, health: plan.containers[name]?.health) }
        do {
            try await isHealthy()
            try await run.loadDumps(into: name, of: plan, isHealthy: isHealthy)
        } catch let error as DeploymentError where error.isForGood {
            try await run.record(.failed, name)
            throw error
        }
        try await run.record(.healthy, name)
        return .healthy(name)
    }
}

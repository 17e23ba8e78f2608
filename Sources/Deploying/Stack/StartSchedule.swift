/// Decides what can start next: a container starts when everything that it depends on is healthy.
struct StartSchedule {
    private let dependsOn: [String: [String]]
    private var waiting: Set<String>
    private(set) var started: Set<String> = []
    private(set) var healthy: Set<String>

    /// `alreadyHealthy` run from before, such as the rest of the stack beside a hotfix.
    init(dependsOn: [String: [String]], starting: Set<String>, alreadyHealthy: Set<String> = []) {
        self.dependsOn = dependsOn
        waiting = starting
        healthy = alreadyHealthy
    }

    var allStarted: Bool { waiting.isEmpty }

    /// The containers that may start now, each returned once, sorted.
    mutating func takeReady() -> [String] {
        let ready = waiting.filter { (dependsOn[$0] ?? []).allSatisfy(healthy.contains) }
        waiting.subtract(ready)
        started.formUnion(ready)
        return ready.sorted()
    }

    mutating func becameHealthy(_ name: String) { healthy.insert(name) }
}

import Model
import Synchronization
import Testing

@testable import Deploying

@Suite("The network of a stack, on an engine that is busy")
struct NetworkCreationTests {
    /// Fails as often as it is told to, and remembers what was asked of it.
    private final class Networks: NetworkControl {
        private let failures: Int
        private let disposition: Disposition
        let calls = Mutex<[String]>([])

        init(failures: Int, _ disposition: Disposition) {
            self.failures = failures
            self.disposition = disposition
        }

        func createNetwork(
            name: String, as plan: NetworkPlan, labels: [String: String], resolvesNames: Bool
        ) async throws {
            let tries = calls.withLock { calls in
                calls.append("create")
                return calls.count { $0 == "create" }
            }
            guard tries > failures else {
                throw DeploymentError("cannot create network '\(name)': busy", disposition: disposition)
            }
        }
        func networks(label: String, value: String?) async throws -> [String] { [] }
        func allNetworks() async throws -> [NetworkStatus] { [] }
        func detachContainers(from network: String) async throws -> [String] { [] }
        func removeNetwork(_ name: String) async throws { calls.withLock { $0.append("remove") } }
    }

    private struct Overtaken: Error {}

    private func create(_ networks: Networks, isOvertaken: Bool = false) async throws -> [String] {
        let creation = NetworkCreation(networks: networks, pauses: [.zero, .zero])
        var told: [String] = []
        try await creation.create(name: "acme", as: NetworkPlan(), labels: [:], resolvesNames: true) { error in
            guard !isOvertaken else { throw Overtaken() }
            told.append("\(error)")
        }
        return told
    }

    @Test("is tried again where the cause passes, after what is left of it is removed")
    func transient() async throws {
        let networks = Networks(failures: 2, .transient)
        #expect(try await create(networks).count == 2)
        #expect(networks.calls.withLock { $0 } == ["create", "remove", "create", "remove", "create"])
        let busy = Networks(failures: 3, .transient)
        await #expect(throws: DeploymentError.self) { try await create(busy) }
    }

    @Test("is not tried again for what the plan says, nor when a newer commit came")
    func ended() async throws {
        let wrong = Networks(failures: 1, .permanent)
        await #expect(throws: DeploymentError.self) { try await create(wrong) }
        #expect(wrong.calls.withLock { $0 } == ["create"])
        let overtaken = Networks(failures: 1, .transient)
        await #expect(throws: Overtaken.self) { try await create(overtaken, isOvertaken: true) }
        #expect(overtaken.calls.withLock { $0 } == ["create"])
    }
}

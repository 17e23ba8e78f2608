import Model
import Synchronization
import Testing

@testable import Deploying

@Suite("S: a stack is deployed when its published ports answer from the host")
struct PortGateTests {
    struct Case: Sendable {
        let faults: [PortFault]
        let elapsed: Duration
        var renewed: Set<String> = []
        let step: PortGate.Step
    }

    private static func fault(_ cause: PortFault.Cause, of container: String = "web") -> PortFault? {
        PortMapping("80:8080").map { PortFault(container: container, mapping: $0, cause: cause) }
    }

    static var cases: [Case] {
        guard let rule = fault(.rule), let other = fault(.rule, of: "proxy"), let nobody = fault(.nobody),
            let silence = fault(.silence), let way = fault(.way), let closed = fault(.barred(.closed("by rule"))),
            let unled = fault(.barred(.nowhere)), let mapping = PortMapping("80:8080")
        else { return [] }
        let half = PortFault(container: "web", mapping: mapping, cause: .nobody, family: .ipv6)
        return [
            Case(faults: [], elapsed: .zero, step: .pass),
            Case(faults: [half], elapsed: .seconds(9), step: .wait),
            Case(faults: [half], elapsed: .seconds(10), step: .fail(half)),
            Case(faults: [rule], elapsed: .zero, step: .renew(["web"])),
            Case(faults: [rule, other], elapsed: .zero, renewed: ["web"], step: .renew(["proxy"])),
            Case(faults: [rule], elapsed: .seconds(9), renewed: ["web"], step: .wait),
            Case(faults: [rule], elapsed: .seconds(10), renewed: ["web"], step: .fail(rule)),
            Case(faults: [way], elapsed: .seconds(10), renewed: ["web"], step: .fail(way)),
            Case(faults: [unled], elapsed: .zero, step: .renew(["web"])),
            // The engine has no rule for that.
            Case(faults: [closed], elapsed: .zero, step: .fail(closed)),
            // It may still come to listen.
            Case(faults: [nobody], elapsed: .seconds(19), step: .wait),
            Case(faults: [nobody], elapsed: .seconds(20), step: .fail(nobody)),
            Case(faults: [silence], elapsed: .seconds(20), step: .fail(silence)),
            // A dead rule is mended while another port has time left.
            Case(faults: [nobody, other], elapsed: .seconds(1), step: .renew(["proxy"])),
        ]
    }

    @Test("a dead rule is written anew once, a program gets the time of its health check", arguments: cases)
    func steps(_ example: Case) {
        let step = PortGate.Step.next(
            example.faults, after: example.elapsed, patience: ["web": .seconds(20)], renewed: example.renewed)
        #expect(step == example.step)
    }

    @Test("nothing is stopped for one family of two, nor for a rule that was looked at")
    func gravity() throws {
        let web = try #require(PortMapping("80:8080"))
        #expect(PortFault(container: "web", mapping: web, cause: .rule).isWorthAStop)
        #expect(!PortFault(container: "web", mapping: web, cause: .rule, family: .ipv6).isWorthAStop)
        for bar in [PortBar.nowhere, .elsewhere("192.0.2.9:80"), .closed("by rule"), .still("p")] {
            #expect(!PortFault(container: "web", mapping: web, cause: .barred(bar)).isWorthAStop)
        }
    }

    @Test("what the environment did is not the plan's fault")
    func dispositions() throws {
        #expect(DeploymentError(try #require(Self.fault(.rule))).disposition == .transient)
        #expect(DeploymentError(try #require(Self.fault(.way))).disposition == .transient)
        #expect(DeploymentError(try #require(Self.fault(.nobody))).disposition == .permanent)
    }

    /// A host whose ports answer one thing after the other, and the last for ever.
    private final class FakeHost: PortInsight {
        private let host: Mutex<[PortAnswer]>
        /// By which the answer is another one than `.taken`.
        private let families: Set<AddressFamily>
        /// By which no rule leads anywhere.
        private let unled: Set<AddressFamily>
        private let inside: PortAnswer
        let asked = Mutex(0)

        init(
            _ host: [PortAnswer], by families: Set<AddressFamily> = [.ipv4, .ipv6],
            rules unled: Set<AddressFamily> = [],
            inside: PortAnswer
        ) {
            self.host = Mutex(host)
            self.families = families
            self.unled = unled
            self.inside = inside
        }

        func answers(from ports: Set<PublishedPort>) async -> [PublishedPort: PortAnswer] {
            let answer = host.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? .unknown }
            return Dictionary(
                uniqueKeysWithValues: ports.map { ($0, families.contains($0.family) ? answer : .taken) })
        }
        func answers(within places: Set<PortPlace>) async -> [PortPlace: PortAnswer] {
            asked.withLock { $0 += 1 }
            return Dictionary(uniqueKeysWithValues: places.map { ($0, inside) })
        }
        func answers(byRules rules: Set<PortRule>) async -> [PortRule: PortAnswer] {
            let targets: Set<String> = ["10.0.0.2", "fd00::2"]
            return Dictionary(
                uniqueKeysWithValues: rules.filter { targets.contains($0.container) }.map {
                    ($0, unled.contains($0.port.family) ? .barred(.nowhere) : .taken)
                })
        }
    }

    private func faults(
        _ host: FakeHost, on families: Set<AddressFamily> = [.ipv4], of port: String = "80:8080"
    ) async throws -> [PortFault] {
        var status = ContainerStatus(id: "1", name: "acme-web", imageID: "", state: .running, address: "10.0.0.2")
        status.addresses = ["10.0.0.2", "fd00::2"]
        let container = status
        let subject = PortObserver.Subject(name: "web", id: "1", ports: [try #require(PortMapping(port))])
        return try await PortObserver(host, families: families) { _ in container }.faults(of: [subject])
    }

    @Test("only a port that does not answer is looked for inside, and it is asked twice")
    func looks() async throws {
        let well = FakeHost([.taken], inside: .taken)
        #expect(try await faults(well).isEmpty)
        #expect(well.asked.withLock { $0 } == 0)
        // It began to listen in between.
        #expect(try await faults(FakeHost([.refused, .taken], inside: .taken)).isEmpty)
        #expect(try await faults(FakeHost([.refused], inside: .taken)).map(\.cause) == [.rule])
        #expect(try await faults(FakeHost([.refused], inside: .refused)).map(\.cause) == [.nobody])
        // By a router of this host somebody else may refuse.
        #expect(try await faults(FakeHost([.refused], inside: .unreached)).map(\.cause) == [.way])
    }

    @Test("each family of the stack's network has to answer, and what fails by both is told once")
    func families() async throws {
        let both: Set<AddressFamily> = [.ipv4, .ipv6]
        for family in AddressFamily.allCases {
            let found = try await faults(FakeHost([.untaken], by: [family], inside: .taken), on: both)
            #expect(found.map(\.family) == [family])
            #expect(found.first?.text.contains("is dead by \(family.rawValue): ") == true)
        }
        let all = try await faults(FakeHost([.untaken], inside: .taken), on: both)
        #expect(all.map(\.family) == [nil])
        #expect(all.map(\.cause) == [.rule])
        // A family that the network lacks, or that the plan leaves out.
        let other = FakeHost([.refused], by: [.ipv6], inside: .refused)
        #expect(try await faults(other).isEmpty)
        #expect(try await faults(other, on: both, of: "0.0.0.0:80:8080").isEmpty)
        #expect(try await faults(other, on: both, of: "[::]:80:8080").map(\.cause) == [.nobody])
    }

    @Test(
        "a port whose rules do not lead whoever comes from outside to the container is dead, though the host is answered"
    )
    func rules() async throws {
        let host = FakeHost([.taken], rules: [.ipv6], inside: .taken)
        #expect(try await faults(host, of: "53:53/udp").isEmpty)
        let found = try await faults(host, on: [.ipv4, .ipv6], of: "53:53/udp")
        #expect(found.map(\.cause) == [.barred(.nowhere)])
        #expect(found.map(\.family) == [.ipv6])
        #expect(host.asked.withLock { $0 } == 0)
        let served = FakeHost([.taken], by: [.ipv4], rules: [.ipv4], inside: .taken)
        #expect(try await faults(served).map(\.cause) == [.barred(.nowhere)])
        #expect(try await faults(served, of: "127.0.0.1:80:8080").isEmpty)
    }
}

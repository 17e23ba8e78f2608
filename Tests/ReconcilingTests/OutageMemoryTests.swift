import Model
import Testing

@testable import Reconciling

@Suite("Since when what was found down has been down")
struct OutageMemoryTests {
    private var memory = OutageMemory()
    private var stack: DriftFixture

    init() throws { stack = try DriftFixture() }

    private static func second(_ number: Int64) -> Timestamp { Timestamp(milliseconds: number * 1000) }

    /// A look that lasts for a second.
    private mutating func look(at second: Int64, _ past: OutageMemory.Past = OutageMemory.Past()) throws {
        let look = try stack.look()
        let new = memory.see(look, from: Self.second(second), to: Self.second(second + 1))
        memory.begin(new, in: look, until: Self.second(second + 1), past)
    }

    private static func between(_ earliest: Int64, _ latest: Int64) -> OutageBegin {
        OutageBegin(earliest: second(earliest), latest: second(latest))
    }

    @Test("a container that is gone went between the last look that saw it and the first that did not")
    mutating func removed() throws {
        try look(at: 10)
        #expect(memory.begins.isEmpty && memory.wholeSeen == Self.second(10))
        stack.containers.removeLast()
        try look(at: 20)
        try look(at: 30)
        #expect(memory.begins == ["web": Self.between(10, 21)])
        #expect(memory.wholeSeen == Self.second(10))
    }

    @Test("a container that is still there went when the engine saw it end")
    mutating func stopped() throws {
        try look(at: 10)
        stack.web.state = .exited
        stack.web.finished = Self.second(13)
        try look(at: 20)
        #expect(memory.begins == ["web": OutageBegin(at: Self.second(13))])
        // A repair that fails takes the container with it, and its end.
        stack.containers.removeLast()
        try look(at: 30)
        #expect(memory.begins == ["web": OutageBegin(at: Self.second(13))])
    }

    @Test("an end before the last look, or after this one, is one of a clock that was wrong", arguments: [5, 40])
    mutating func wrongClock(_ end: Int64) throws {
        try look(at: 10)
        stack.web.state = .exited
        stack.web.finished = Self.second(end)
        try look(at: 20)
        #expect(memory.begins == ["web": Self.between(10, 21)])
    }

    @Test("what serves again and goes down again began anew")
    mutating func twice() throws {
        let whole = stack
        try look(at: 10)
        stack.web.state = .paused
        try look(at: 20)
        stack = whole
        try look(at: 30)
        #expect(memory.begins.isEmpty)
        stack.web.state = .paused
        try look(at: 40)
        #expect(memory.begins == ["web": Self.between(30, 41)])
    }

    @Test("a new process goes by what is on record: gate, last poll, and what was found and lasts")
    mutating func record() throws {
        stack.containers.removeLast()
        var past = OutageMemory.Past(gates: ["web": Self.second(3)], found: ["web": Self.second(9)])
        past.stackUp = Self.second(7)
        try look(at: 20, past)
        #expect(memory.begins == ["web": Self.between(7, 9)])
    }

    @Test("what was found before it was last seen up is another outage")
    mutating func older() throws {
        stack.containers.removeLast()
        try look(at: 20, OutageMemory.Past(gates: ["web": Self.second(8)], found: ["web": Self.second(5)]))
        #expect(memory.begins == ["web": Self.between(8, 21)])
    }

    @Test("after a boot the stack has been down since then at least")
    mutating func boot() throws {
        stack.containers = []
        var past = OutageMemory.Past(gates: ["web": Self.second(1), "database": Self.second(2)])
        past.boot = Self.second(15)
        try look(at: 20, past)
        #expect(OutageBegin.first(of: memory.begins.values) == Self.between(1, 15))
    }

    @Test("what is told of a container says since when it is down, of the network since when the first one is")
    mutating func effects() throws {
        try look(at: 10)
        stack.web.state = .exited
        stack.web.finished = Self.second(13)
        try look(at: 20)
        func effect(of subject: String, _ kind: DriftFinding.Kind) -> DriftEffect? {
            memory.told(DriftFinding(subject: subject, kind: kind, remedy: .none, text: "")).effect
        }
        let down = DriftEffect(isDown: true, begin: OutageBegin(at: Self.second(13)))
        #expect(effect(of: "web", .stopped) == down && effect(of: "fairlead-acme", .bridge) == down)
        #expect(effect(of: "database", .limits) == DriftEffect(isDown: false))
        #expect(memory.lastSeen == ["web": Self.second(21)])
    }

    @Test("of what nobody ever saw up no outage is told")
    mutating func neverUp() throws {
        stack.containers = []
        try look(at: 20)
        #expect(memory.begins.isEmpty)
    }

    @Test("what serves although it differs is not down")
    mutating func serves() throws {
        stack.web.name = "other"
        stack.lives["web"] = ContainerLife(age: .seconds(5), isMonitored: false)
        stack.containers[0].imageID = "sha256:2"
        try look(at: 20, OutageMemory.Past(stackUp: Self.second(1)))
        #expect(memory.begins.isEmpty)
    }

    @Test("a dead process, a port that leads nowhere, and a network that is gone or cut off serve nobody")
    mutating func silent() throws {
        let past = OutageMemory.Past(stackUp: Self.second(1))
        let whole = stack
        stack.lives["web"] = .ended
        try look(at: 20, past)
        #expect(Set(memory.begins.keys) == ["web"])
        stack = whole
        stack.fail(.rule)
        try look(at: 30, past)
        #expect(Set(memory.begins.keys) == ["web"])
        stack = whole
        stack.networks = []
        try look(at: 40, past)
        #expect(Set(memory.begins.keys) == ["web", "database"])
        stack = whole
        try look(at: 50, past)
        stack.networkFault = .nameless
        try look(at: 60, past)
        #expect(memory.begins.isEmpty)
        stack.networkFault = .down(bridge: "fl-1")
        try look(at: 70, past)
        #expect(Set(memory.begins.keys) == ["web", "database"])
    }
}

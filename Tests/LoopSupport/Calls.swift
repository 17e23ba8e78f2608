public import Model
internal import Synchronization

/// What the parts of a simulated host were asked for, in order. One call can be made to fail, and something can happen
/// during one; where none is expected, each one fails.
public final class Calls: Sendable {
    private struct State {
        var names: [String] = []
        var failing: Int?
        var error: any Error = UnexpectedCall(name: "")
        var areExpected = true
        var events: [Event] = []
    }

    private struct Event {
        let name: String
        var skipping: Int
        let happen: @Sendable () throws -> Void
    }

    private let state = Mutex(State())

    public init() {}

    /// Since the last `forget`.
    public var names: [String] { state.withLock { $0.names } }

    public func forget() { state.withLock { $0.names = [] } }

    /// The call number `index` from now on, counted from zero, fails once with `error`.
    public func fail(_ index: Int, with error: any Error) {
        state.withLock {
            $0.failing = $0.names.count + index
            $0.error = error
        }
    }

    /// Whether the failure that was asked for has not happened yet; it will not any more.
    public func takeBackFailure() -> Bool {
        state.withLock { state in
            defer { state.failing = nil }
            return state.failing != nil
        }
    }

    /// Lets `happen` happen once, during the next call `name` after `skipping` ones of it.
    public func during(_ name: String, skipping: Int = 0, _ happen: @escaping @Sendable () -> Void) {
        state.withLock { $0.events.append(Event(name: name, skipping: skipping, happen: happen)) }
    }

    /// The next call `name` after `skipping` ones of it fails once.
    public func fail(_ name: String, skipping: Int = 0, with error: any Error = ScriptedFailure()) {
        state.withLock { $0.events.append(Event(name: name, skipping: skipping) { throw error }) }
    }

    /// Until `body` ends, each call fails.
    public func forbidding<Result>(_ body: () async throws -> Result) async rethrows -> Result {
        state.withLock { $0.areExpected = false }
        defer { state.withLock { $0.areExpected = true } }
        return try await body()
    }

    public func enter(_ name: String) throws {
        let events = try state.withLock { state in
            defer { state.names.append(name) }
            guard state.areExpected else { throw UnexpectedCall(name: name) }
            guard state.failing == state.names.count else { return Self.due(name, &state.events) }
            state.failing = nil
            throw state.error
        }
        for event in events { try event.happen() }
    }

    private static func due(_ name: String, _ events: inout [Event]) -> [Event] {
        let due = events.filter { $0.name == name && $0.skipping == 0 }
        events.removeAll { $0.name == name && $0.skipping == 0 }
        for index in events.indices where events[index].name == name { events[index].skipping -= 1 }
        return due
    }
}

public struct UnexpectedCall: Error { public let name: String }

/// What an engine, a registry or a host says when it fails.
public struct ScriptedFailure: Actionable {
    public var message: String
    public var hint: String
    public var disposition: Disposition

    public init(_ message: String = "the engine does not answer", _ disposition: Disposition = .transient) {
        self.message = message
        hint = "look at its log"
        self.disposition = disposition
    }
}

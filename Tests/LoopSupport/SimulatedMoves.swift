public import Model
public import Reconciling
internal import Synchronization

/// The storage through which a stack moves from one host to another, as the old and the new one see it.
public final class SimulatedMoves: Sendable {
    public struct Storage: Sendable {
        /// What keeps a last backup from being made, found before anything is stopped.
        public var obstacle: (any Error)?
        /// What the last backup fails with, once nothing runs.
        public var damage: (any Error)?
        /// Something else has to end first.
        public var wait: NotNow?
        /// The targets that do not answer.
        public var silent: [String] = []
        /// The newest run of the new host.
        public var successorRun: BackupRunID?
        /// Directories of this host that still hold data.
        public var data: [String] = []
        /// What it holds for a host that takes over a stack.
        public var inheritance: Inheritance = .none
    }

    private struct State {
        var storage = Storage()
        var outgoing: OutgoingMoveRecord?
        var incoming: IncomingMoveRecord?
    }

    public static let lastBackup = BackupRunID(at: Timestamp(milliseconds: 1_800_000_000_000))

    let calls: Calls
    private let state = Mutex(State())
    private let hold: @Sendable (OutgoingMoveRecord?) async throws -> Void

    /// `hold` holds the host back with it.
    init(calls: Calls, hold: @escaping @Sendable (OutgoingMoveRecord?) async throws -> Void) {
        self.calls = calls
        self.hold = hold
    }

    /// Changes what the storage says.
    public func storage(_ change: (inout Storage) -> Void) { state.withLock { change(&$0.storage) } }

    public var outgoing: OutgoingMoveRecord? { state.withLock { $0.outgoing } }
    public var incoming: IncomingMoveRecord? { state.withLock { $0.incoming } }

    private var storage: Storage { state.withLock { $0.storage } }
}

extension SimulatedMoves: OutgoingMoveControl {
    public func current() -> OutgoingMoveRecord? { outgoing }

    public func record(_ move: OutgoingMoveRecord?) async throws {
        state.withLock { $0.outgoing = move }
        try await hold(move)
    }

    public func check(_ deployed: DeployedState) throws {
        if let obstacle = storage.obstacle { throw obstacle }
    }

    public func makeLastBackup(
        of deployed: DeployedState, for successor: Successor, opening recipients: [String],
        stop: @escaping @Sendable () async throws -> Void
    ) async throws -> BackupRunID {
        if let wait = storage.wait { throw wait }
        try calls.enter("makeLastBackup")
        try await stop()
        if let damage = storage.damage { throw damage }
        return Self.lastBackup
    }

    public func deliver(_ deployed: DeployedState) throws -> [String] {
        try calls.enter("deliver")
        return storage.silent.map { "'\($0)': it does not answer" }
    }

    public func newestRun(
        by successor: String, inPlaceOf deployed: DeployedState, signers: [String]
    ) -> BackupRunID? {
        storage.successorRun
    }

    public func data(of plan: ResolvedPlan) -> [String] { storage.data }
}

extension SimulatedMoves: IncomingMoveControl {
    public func inheritance(for plan: ResolvedPlan, entries: Set<CommitID>, secrets: Secrets) -> Inheritance {
        storage.inheritance
    }

    public func incomingMove() -> IncomingMoveRecord? { incoming }
    public func setIncomingMove(_ move: IncomingMoveRecord?) { state.withLock { $0.incoming = move } }
}

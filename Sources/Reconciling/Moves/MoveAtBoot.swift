internal import Deploying
internal import Logging
internal import Model

/// Asks the branch before a stack is started again after a boot: it may be another host's by now.
struct MoveAtBoot: Sendable {
    private static let patience = Duration.seconds(20)

    let tip: TipAtBoot
    let observer: StackObserver

    /// Whether the stack is down since the host went down, and the tip moves it to another host: it is not started again
    /// then. A tip that cannot be read moves nothing, and is not waited for long.
    func leavesWhileDown(_ state: HostState) async throws -> Bool {
        guard state.lastBootID != observer.bootID, state.hasMovableStack, try await !observer.sight.isAnyStackUp()
        else { return false }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask { await tip.movesStack(state.deployed, patience: Self.patience) }
            group.addTask {
                try? await tip.pause(Self.patience)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}

/// What the branch says of the stack's host, from a server that may not be reached yet.
struct TipAtBoot: Sendable {
    let source: any CommitSource
    let gate: CommitGate
    let reader: CandidateReader
    let logger: Logger
    let pause: ReconcilerOptions.Pause

    /// Asks until there is an answer: when a host has just booted, its network and name server refuse at once. `patience`: how
    /// long others let it.
    func movesStack(_ deployed: DeployedState?, patience: Duration) async -> Bool {
        var isTold = false
        while !Task.isCancelled {
            do {
                let tip = try await source.remoteTip()
                try await source.fetch(tip)
                return await movesStack(tip.commit, deployed)
            } catch {
                // Meanwhile nothing runs; somebody may wonder why.
                if !isTold, !error.isInterruption { tellOfWait(error, patience) }
                isTold = true
            }
            try? await pause(.seconds(1))
        }
        return false
    }

    private func tellOfWait(_ error: any Error, _ patience: Duration) {
        logger.notice(
            "the git server is asked again before the stack is started",
            metadata: ["for": "\(patience)", "reason": "\(error)"])
    }

    private func movesStack(_ tip: CommitID, _ deployed: DeployedState?) async -> Bool {
        guard (try? await gate.check(tip, deployed: deployed?.commit)) != nil,
            let successor = try? await reader.successor(at: tip)
        else { return false }
        return (try? await reader.plan(of: successor, at: tip)) != nil
    }
}

extension HostState {
    /// One without backups does not move, and so need not wait for the tip.
    fileprivate var hasMovableStack: Bool {
        deployed.map { $0.desired.plan.backup != nil } ?? (unfinished != nil)
    }
}

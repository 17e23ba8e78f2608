internal import Deploying
internal import Logging
internal import Planning

extension Reconciler {
    /// Between two polls, when something happened to a container. Asks no git server. Returns whether a newer commit
    /// overtook a repair, and is to be polled for now.
    public func checkStack() async throws -> Bool {
        // One that was cut off is left for the next poll.
        guard try await journal.suspension() == nil, try await journal.unfinishedDeployment() == nil else {
            return false
        }
        do {
            return try await tendStack()
        } catch is HeldBack {
            return false
        }
    }

    /// Compares what runs with what was deployed, tells of what differs and repairs it where the plan says so.
    /// Works without the repo's server. Returns whether a newer commit overtook a repair.
    func tendStack() async throws -> Bool {
        guard let seen = try await look() else { return false }
        guard seen.needsHands else {
            // What is only told of has to last as well.
            if let lasting = seen.findings.isEmpty ? seen : try await confirmed(seen) { try await settle(lasting) }
            try await closeMended(seen)
            try await incidents.mailLasting(seen.plan)
            // Last: where it cannot be noted, as in the place of a directory, the rest is looked after all the same.
            if seen.findings.isEmpty { try await data.learn(seen.plan) }
            return false
        }
        if try await tendLasting(seen) { return true }
        // The incident of one container does not wait for the repair of another.
        if let after = try await look() { try await closeMended(after) }
        try await incidents.mailLasting(seen.plan)
        return false
    }

    /// Acts on what still differs at a second look.
    private func tendLasting(_ seen: StackLook) async throws -> Bool {
        guard let confirmed = try await confirm(seen) else { return false }
        return try await exclusively(for: "repair the stack") {
            // Until now another process may have had the lock: what it did is not drift.
            guard let now = try await look().map({ seen.booted ? $0 : $0.confirming(confirmed) }) else { return false }
            try await observer.tell(now.findings)
            let wasOvertaken = try await repair(now)
            if let after = try await look() { try await observer.tell(after.findings) }
            return wasOvertaken
        }
    }

    func look() async throws -> StackLook? { try await observer.look() }

    /// Ends what was told and remembered of a stack, where nothing counts as deployed any more.
    public func forgetStack() async throws { try await observer.forgetStack() }

    private func confirmed(_ seen: StackLook) async throws -> StackLook? {
        try await Task.sleep(for: options.confirmation)
        return try await look()?.confirming(seen)
    }

    /// A second look, after which only what lasts is left; `nil` when that needs no hands.
    private func confirm(_ seen: StackLook) async throws -> StackLook? {
        // After a boot there is nothing to wait for.
        if seen.booted { return seen }
        guard let confirmed = try await confirmed(seen), confirmed.needsHands else { return nil }
        return confirmed
    }

    /// Nothing has to be done about what was found.
    func settle(_ look: StackLook) async throws {
        if look.booted, try await !hasBootFailed() { try await journal.setBootID(options.bootID) }
        try await observer.tell(look.findings)
        // What the health check gave up on is an incident of its own.
        let standing = look.findings.filter { !look.observed.givenUp.contains($0.subject) }
        if standing.isEmpty {
            try await incidents.noDriftStands(look.deployed)
        } else {
            try await incidents.driftStands(standing, look.deployed)
        }
    }
}

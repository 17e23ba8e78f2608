internal import Model

/// Tells what lasts from what passes by itself, such as a restart by the engine.
struct Confirmation: Sendable {
    let observer: StackObserver
    /// How long a difference has to last before it is acted on.
    let time: Duration

    /// What of `seen` still differs at a second look; `nil` when there is nothing to look at any more.
    func lasting(of seen: StackObservation) async throws -> StackObservation? {
        try await Task.sleep(for: time)
        return try await observer.observe()?.confirming(seen)
    }

    /// The same, but that after a boot there is nothing to wait for.
    func confirmed(_ seen: StackObservation) async throws -> StackObservation? {
        seen.booted ? seen : try await lasting(of: seen)
    }
}

internal import Model

/// Pins the commit that the branch has to contain for ever: from then on no older state of it is taken, and no other repo,
/// also should the journal be lost.
struct AnchorPin: Sendable {
    /// The one that was named, or that the configuration had.
    let known: CommitID?
    /// By this run's arguments.
    let isNamed: Bool
    let transcript: SetupTranscript

    /// `tip` is asked where none is known.
    func anchor(_ tip: () async throws -> CommitID) async throws -> CommitID {
        guard let known else {
            let anchor = try await tip()
            tell(anchor)
            return anchor
        }
        tell(known)
        return known
    }

    private func tell(_ anchor: CommitID) {
        transcript.say(
            isNamed
                ? "- commits have to be signed, and to contain the anchor \(anchor)"
                : "- commits have to be signed, and to contain \(anchor), which was the tip: compare it with what was pushed"
        )
    }
}

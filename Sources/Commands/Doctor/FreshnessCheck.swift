internal import Model

/// Whether the branch, as it is served now, may be an old state of it.
struct FreshnessCheck {
    let host: HostComposition

    /// None where commits are not verified, which is told by itself. `tip` is believed.
    func checks(of tip: CommitID) async -> [HostCheck] {
        let trust = host.configuration.trust
        guard trust.verifiesCommits else { return [] }
        guard let maximumAge = trust.maximumAge else {
            return [
                .ok(
                    "freshness",
                    "not asked: a git server that holds commits back would go unnoticed ('trust.maximumAge')")
            ]
        }
        do {
            guard let (freshness, doubt) = try await host.freshness(of: tip) else { return [] }
            if let doubt { return [.fail("freshness", doubt.reason, doubt.advice)] }
            let style = TextStyle(clock: host.context.clock)
            let proof = freshness.proof.map { "\($0.words), \(style.time($0.time))" } ?? ""
            guard let fault = freshness.fault else {
                return [.ok("freshness", "the branch is no older than \(maximumAge): \(proof)")]
            }
            return [
                .warn(
                    "freshness",
                    "the branch is no older than \(maximumAge): \(proof); but what the server offers does not count: \(fault)",
                    "sign anew: '\(Heartbeat.command(for: host.configuration.repository.branch))'")
            ]
        } catch {
            return [.fail("freshness", error)]
        }
    }
}

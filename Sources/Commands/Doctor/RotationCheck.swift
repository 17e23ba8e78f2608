internal import Model
internal import Reconciling

/// Who may sign commits here, who says so, and what the server has of the next list.
struct RotationCheck {
    let host: HostComposition

    private var trust: TrustSettings { host.configuration.trust }

    /// None where only the configuration says who may sign.
    func checks() async -> [HostCheck] {
        guard trust.verifiesCommits, let threshold = trust.rotation.threshold else { return [] }
        do {
            let accepted = try await host.acceptedRotations()
            let present = present(PresentSigners(trust, accepted: accepted), threshold)
            return [present, unused(accepted)].compactMap(\.self)
        } catch {
            return [.fail("signers", error)]
        }
    }

    private func present(_ present: PresentSigners, _ threshold: Int) -> HostCheck {
        let style = TextStyle(clock: host.context.clock)
        let names = present.persons?.joined(separator: ", ") ?? "names with patterns"
        let found =
            present.rotation.map { "\($0.words), since \(style.time($0.time)); the file is not used" }
            ?? "list \(trust.rotation.number), by '\(trust.commits.allowedSigners ?? "")': \(names)"
        guard let persons = present.persons, persons.count < threshold else { return .ok("signers", found) }
        return .warn(
            "signers", "\(found); \(threshold) have to sign the next list, which these can never do",
            "add signers to the file and set 'trust.rotation.number' to the number of that list")
    }

    /// An operator who writes the file anew may believe that it counts, or a list counts no more that people signed.
    private func unused(_ accepted: [SignerRotation]) -> HostCheck? {
        guard let last = accepted.first, trust.present(of: accepted) == nil else { return nil }
        return .ok(
            "signers",
            "list \(last.number), which was accepted here, is overruled by 'trust.rotation.number' \(trust.rotation.number)"
        )
    }

    /// `tip` is present locally, believed or not.
    func next(at tip: CommitID) async -> [HostCheck] {
        do {
            switch try await host.nextSigners(at: tip) {
            case nil, .absent?: return []
            case .accepted(let rotation)?:
                return [.ok("signers", "the next cycle accepts \(rotation.words)")]
            case .waiting(let offer)?:
                return [
                    .warn(
                        "signers", "list \(offer.number) of the repo does not count: \(offer.reason)",
                        "who may runs '\(SignerVote.command(for: offer.number))', or its tags are removed")
                ]
            }
        } catch {
            return [.fail("signers", error)]
        }
    }
}

internal import FoundationEssentials
internal import Model

/// Who may sign commits on this host now: by a list that was accepted from the repo, or by the file of the configuration.
struct PresentSigners {
    /// `nil`: the file counts.
    let rotation: SignerRotation?
    /// In the order of their names; `nil` where a list does not say it without another program, or by patterns.
    let persons: [String]?

    /// `accepted`: the newest first.
    init(_ trust: TrustSettings, accepted: [SignerRotation]) {
        rotation = trust.present(of: accepted)
        guard trust.commits.mode == .ssh, let text = rotation?.lines ?? Self.text(trust.commits.allowedSigners) else {
            persons = nil
            return
        }
        persons = SignerNames.persons(inAllowedSigners: text)?.sorted()
    }

    private static func text(_ file: String?) -> String? {
        file.flatMap { try? Data(contentsOf: URL(filePath: $0)) }.map { String(decoding: $0, as: UTF8.self) }
    }
}
